using System.Globalization;
using Platform.Pbm.Admin;

namespace Platform.Pbm.Tenants;

/// <summary>What a list of tenants is asked for; what is null is left to the server.</summary>
internal sealed record TenantQuery(string? Search, string? Status, int? PerPage, int? Page, string? Sort = null)
{
    /// <summary>The path with its query.</summary>
    public string Path => QueryPath.Of(
        TenantPath.All,
        ("page", Page?.ToString(CultureInfo.InvariantCulture)),
        ("perPage", PerPage?.ToString(CultureInfo.InvariantCulture)),
        ("search", Search),
        ("status", Status),
        ("sort", Sort));
}
