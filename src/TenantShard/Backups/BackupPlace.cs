using System.Text.Json.Nodes;
using Platform.Messages.Identity;
using Platform.Replication.ObjectStore;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Net;
using Platform.TenantShard.Settings;

namespace Platform.TenantShard.Backups;

/// <summary>Where a tenant's backups are: in the platform's object storage, or in the S3 bucket of its settings.</summary>
internal sealed class BackupPlace : IDisposable
{
    private readonly S3ObjectStore? _own;

    private BackupPlace(TenantId tenant, S3ObjectStore? own) => (Tenant, _own) = (tenant, own);

    public TenantId Tenant { get; }

    /// <summary>The bucket of <c>settings.backups.s3</c>; null when that is not enabled.</summary>
    public IObjectStore? Own => _own;

    /// <exception cref="ApiException">400: the settings name no server.</exception>
    public static async Task<BackupPlace> OpenAsync(
        ShardFeature tenant, ApiServices services, CancellationToken cancellationToken)
    {
        var shard = tenant.Shard;
        var settings = await shard.ReadAsync(
            0, static (scope, _) => SettingsStore.Read(scope.Connection), cancellationToken);
        var section = settings.Section("backups")["s3"]!.AsObject();
        return new BackupPlace(
            shard.Tenant, section["enabled"]!.GetValue<bool>() ? Open(section, services.Outbound, shard.Clock) : null);
    }

    public void Dispose() => _own?.Dispose();

    private static S3ObjectStore Open(JsonObject section, OutboundPolicy outbound, TimeProvider clock)
    {
        try
        {
            var endpoint = Text(section, "endpoint");
            if (!endpoint.Contains("://", StringComparison.Ordinal)) endpoint = "https://" + endpoint;
            return new S3ObjectStore(
                new S3ObjectStoreOptions
                {
                    Endpoint = new Uri(endpoint),
                    Region = Text(section, "region"),
                    Bucket = Text(section, "bucket"),
                    // Never null: without keys those of the machine would be used.
                    AccessKey = Text(section, "accessKey"),
                    SecretKey = Text(section, "secret"),
                    PathStyle = section["forcePathStyle"]!.GetValue<bool>(),
                    Connect = async (server, cancellationToken) =>
                        await outbound.ConnectAsync(server.Host, server.Port, cancellationToken),
                },
                clock);
        }
        catch (Exception mistake) when (mistake is UriFormatException or ArgumentException)
        {
            throw new ApiException(
                400, "Failed to load backups filesystem. Check settings.backups.s3.", cause: mistake);
        }
    }

    private static string Text(JsonObject section, string name) => section[name]!.GetValue<string>();
}
