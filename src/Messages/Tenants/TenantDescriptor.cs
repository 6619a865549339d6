using Platform.Messages.Identity;

namespace Platform.Messages.Tenants;

/// <summary>
/// The registry's entry for a tenant. Stored in the cluster store and, so that the registry can be rebuilt from
/// object storage alone, as <c>tenants/{id}/metadata.json</c>.
/// </summary>
public sealed record TenantDescriptor
{
    /// <summary>The tenant's id, fixed for its life.</summary>
    public required TenantId Id { get; init; }

    /// <summary>Custom host names, lower case, without port. Each belongs to one tenant at most.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>See <see cref="Tenants.Durability"/>.</summary>
    public Durability Durability { get; init; } = Durability.Replicated;

    /// <summary>See <see cref="TenantStatus"/>.</summary>
    public TenantStatus Status { get; init; } = TenantStatus.Created;

    /// <summary>The tenant's limits.</summary>
    public TenantQuotas Quotas { get; init; } = new();

    /// <summary>Free labels of the operator, at most 64 pairs.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The moment of registration.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The moment of the last change of this entry.</summary>
    public required DateTimeOffset Updated { get; init; }
}
