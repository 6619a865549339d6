using Platform.TenantShard.Settings;

namespace Platform.TenantShard.Batch;

/// <summary>The tenant's settings of batches.</summary>
/// <param name="RequestsMax">Requests of a batch.</param>
/// <param name="Timeout">The longest time that a batch may write.</param>
/// <param name="BodyBytesMax">The largest body; the tenant's and the node's own limits count too.</param>
internal sealed record BatchLimits(int RequestsMax, TimeSpan Timeout, long BodyBytesMax)
{
    private const double DefaultTimeoutSeconds = 3;
    private const long DefaultBodyBytes = 128 << 20;

    /// <summary>Null when batches are switched off.</summary>
    public static BatchLimits? Read(TenantSettings settings)
    {
        var section = settings.Section("batch");
        if (!section["enabled"]!.GetValue<bool>()) return null;
        var requestsMax = (int)Math.Min(section["maxRequests"]!.GetValue<double>(), int.MaxValue);
        var timeoutSeconds = section["timeout"]!.GetValue<double>();
        var bodyBytesMax = (long)section["maxBodySize"]!.GetValue<double>();
        if (requestsMax <= 0) return null;
        return new BatchLimits(
            requestsMax,
            TimeSpan.FromSeconds(timeoutSeconds > 0 ? Math.Min(timeoutSeconds, 3600) : DefaultTimeoutSeconds),
            bodyBytesMax > 0 ? bodyBytesMax : DefaultBodyBytes);
    }
}
