using Platform.Messages.Tenants;
using Platform.TenantShard.Files.Thumbs;
using Platform.TenantShard.Mail;
using Platform.TenantShard.Realtime;

namespace Platform.Cluster.Configuration.Options;

/// <summary>Tenants on this node (<c>platform.tenant-node</c>).</summary>
internal sealed record TenantNodeOptions
{
    public required int MaxActive { get; init; }

    public required long MemoryBudgetBytes { get; init; }

    public required long StatementMemoryBytes { get; init; }

    public required TimeSpan IdleAfter { get; init; }

    /// <summary>Zero: tenants are not moved away at a stop.</summary>
    public required TimeSpan DrainTimeout { get; init; }

    public required Durability Durability { get; init; }

    public required TimeSpan ActivationDeadline { get; init; }

    public required TimeSpan WriteDeadline { get; init; }

    public required TimeSpan StatementDeadline { get; init; }

    public required int MailboxLengthMax { get; init; }

    public required int GroupCommandsMax { get; init; }

    public required TimeSpan GroupWaitMax { get; init; }

    /// <summary>0: by the number of processors.</summary>
    public required int StatementsMax { get; init; }

    public required int ReadersWaitingMax { get; init; }

    public required long PageCacheBytes { get; init; }

    public required long CheckpointWalBytes { get; init; }

    public required long UnshippedBytesMax { get; init; }

    public required TimeSpan LocalShipInterval { get; init; }

    /// <summary>0: by the number of processors.</summary>
    public required int PasswordHashesMax { get; init; }

    public required int LoginsWaitingMax { get; init; }

    public required int FailedLoginsMax { get; init; }

    /// <summary>Empty: there is none.</summary>
    public required string AdminUi { get; init; }

    /// <summary>0: what leaves a tenth of the disk free.</summary>
    public required long CacheBytesMax { get; init; }

    public required long LargeBodiesBytesMax { get; init; }

    public required long AnswerBytesMax { get; init; }

    public required long UploadBytesMax { get; init; }

    public required bool ReachesPrivateNetworks { get; init; }

    public required RealtimeOptions Realtime { get; init; }

    public required MailOptions Mail { get; init; }

    public required ThumbOptions Thumbs { get; init; }
}
