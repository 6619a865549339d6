using Platform.Messages.Identity;
using Platform.Replication.ObjectStore;

namespace Platform.TenantShard.Logs;

/// <summary>
/// Deletes old logs of tenants that nobody opens. What a tenant wants is in its database, which stays closed: the newest
/// segment that names the days tells. One request for a tenant that has nothing old.
/// </summary>
public sealed class LogSweep(IObjectStore store, TimeProvider clock)
{
    /// <summary>Where no segment names the days: what nobody has asked for in more than a year is not missed.</summary>
    public const int UnknownDaysKept = 400;

    /// <summary>Deletes what is old of a tenant's logs in object storage; returns how many segments that were.</summary>
    /// <exception cref="ObjectStoreException">Object storage failed; nothing is lost by trying again.</exception>
    public async Task<int> RunAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var archive = new LogArchive(store, $"tenants/{tenant.Value}");
        var names = await archive.ListAsync(DateTimeOffset.UnixEpoch, cancellationToken);
        var days = UnknownDaysKept;
        for (var index = names.Count - 1; index >= 0; index--)
        {
            if (LogArchive.DaysKeptOf(names[index]) is not (> 0 and var named)) continue;
            days = named;
            break;
        }

        return await archive.RemoveAsync(names, clock.GetUtcNow() - TimeSpan.FromDays(days), cancellationToken);
    }
}
