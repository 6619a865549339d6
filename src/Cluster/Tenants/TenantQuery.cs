using Platform.Messages.Tenants;

namespace Platform.Cluster.Tenants;

/// <summary>Which tenants a listing shows.</summary>
internal sealed record TenantQuery
{
    /// <summary>Longest page.</summary>
    public const int PerPageMax = 1000;

    /// <summary>From 1.</summary>
    public int Page { get; init; } = 1;

    public int PerPage { get; init; } = 30;

    /// <summary>Part of an id, a domain or a label's value, ignoring case; empty for all.</summary>
    public string Search { get; init; } = "";

    /// <summary>Null for all.</summary>
    public TenantStatus? Status { get; init; } = TenantStatus.Created;

    public TenantSort Sort { get; init; } = TenantSort.Id;

    public bool IsDescending { get; init; }
}
