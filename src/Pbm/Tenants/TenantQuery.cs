using System.Globalization;

namespace Platform.Pbm.Tenants;

/// <summary>What a list of tenants is asked for; what is null is left to the server.</summary>
internal sealed record TenantQuery(string? Search, string? Status, int? PerPage, int? Page, string? Sort = null)
{
    /// <summary>The path with its query.</summary>
    public string Path
    {
        get
        {
            var parameters = new[]
            {
                ("page", Page?.ToString(CultureInfo.InvariantCulture)),
                ("perPage", PerPage?.ToString(CultureInfo.InvariantCulture)),
                ("search", Search),
                ("status", Status),
                ("sort", Sort),
            };
            var given = parameters.Where(parameter => parameter.Item2 is not null)
                .Select(parameter => $"{parameter.Item1}={Uri.EscapeDataString(parameter.Item2!)}").ToList();
            return given.Count == 0 ? TenantPath.All : $"{TenantPath.All}?{string.Join('&', given)}";
        }
    }
}
