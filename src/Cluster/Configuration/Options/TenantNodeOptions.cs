using Platform.Messages.Tenants;

namespace Platform.Cluster.Configuration.Options;

/// <summary>Tenants on this node (<c>platform.tenant-node</c>).</summary>
internal sealed record TenantNodeOptions
{
    public required int MaxActive { get; init; }

    public required long MemoryBudgetBytes { get; init; }

    public required TimeSpan IdleAfter { get; init; }

    public required Durability Durability { get; init; }

    public required TimeSpan ActivationDeadline { get; init; }

    public required TimeSpan WriteDeadline { get; init; }

    public required TimeSpan StatementDeadline { get; init; }

    public required int MailboxLengthMax { get; init; }

    public required int GroupCommandsMax { get; init; }

    public required int GroupBytesMax { get; init; }

    public required int ReaderConnectionsMax { get; init; }

    public required int FilterLengthMax { get; init; }

    public required int FilterDepthMax { get; init; }
}
