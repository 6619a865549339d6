using Platform.Messages.Identity;
using Platform.Messages.Tenants;

namespace Platform.Cluster.Tenants;

/// <summary>What somebody asks a new tenant to be. Valid, but perhaps taken.</summary>
internal sealed record TenantDraft
{
    /// <summary>Null: the platform finds one.</summary>
    public required TenantId? Id { get; init; }

    public required IReadOnlyList<string> Domains { get; init; }

    public required Durability Durability { get; init; }

    public required TenantQuotas Quotas { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>Deleted for one that must not be opened yet.</summary>
    public TenantStatus Status { get; init; } = TenantStatus.Created;
}
