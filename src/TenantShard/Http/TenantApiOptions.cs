using Platform.TenantShard.Files.Thumbs;
using Platform.TenantShard.Mail;
using Platform.TenantShard.Realtime;

namespace Platform.TenantShard.Http;

/// <summary>Limits of the tenant API, the same for all tenants of a node.</summary>
public sealed record TenantApiOptions
{
    /// <summary>
    /// Largest request body of a tenant without a quota of its own, in bytes. PocketBase's limit: 32 MiB.
    /// </summary>
    public long BodyBytesMax { get; init; } = 32 << 20;

    /// <summary>
    /// Bytes of large request bodies and answers of all tenants that are in memory at once; of one tenant half of it.
    /// More are refused with 503.
    /// </summary>
    public long LargeBodiesBytesMax { get; init; } = 512L << 20;

    /// <summary>Largest answer in JSON, in bytes; what would be larger is refused with 400.</summary>
    public long AnswerBytesMax { get; init; } = 128L << 20;

    /// <summary>
    /// Bytes of uploads of all tenants that may wait on the local disk, of one tenant half of it; more are refused with 503.
    /// </summary>
    public long SpoolBytesMax { get; init; } = 4L << 30;

    /// <summary>Largest backup that a superuser may upload, in bytes, unless the tenant's bodies have a limit.</summary>
    public long BackupBytesMax { get; init; } = 4L << 30;

    /// <summary>The folder of the admin UI that tenants show at <c>/_/</c>; empty = none.</summary>
    public string AdminUiFolder { get; init; } = "";

    /// <summary>Limits of thumbnails.</summary>
    public ThumbOptions Thumbs { get; init; } = new();

    /// <summary>
    /// Password hashes computed at the same time; each takes a core for about 50 ms. 0 = one for each core.
    /// </summary>
    public int PasswordHashesMax { get; init; }

    /// <summary>Logins of one tenant that may wait for a password hash; more are refused with 429.</summary>
    public int LoginsWaitingMax { get; init; } = 128;

    /// <summary>
    /// Failed logins of one tenant and identity within a minute, after which more are refused with 429.
    /// </summary>
    public int FailedLoginsMax { get; init; } = 20;

    /// <summary>
    /// Whether tenants' settings may name mail servers and identity providers in private networks, and on this machine.
    /// To be switched off where tenants are strangers.
    /// </summary>
    public bool ReachesPrivateNetworks { get; init; } = true;

    /// <summary>Limits of outgoing mail.</summary>
    public MailOptions Mail { get; init; } = new();

    /// <summary>Limits of realtime connections.</summary>
    public RealtimeOptions Realtime { get; init; } = new();
}
