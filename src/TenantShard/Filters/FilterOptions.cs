using Platform.TenantShard.Requests;

namespace Platform.TenantShard.Filters;

/// <summary>On whose behalf an expression is compiled.</summary>
internal sealed record FilterOptions
{
    /// <summary>The time of <c>@now</c> and its relatives.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>
    /// Rules and superusers may compare hidden fields and any e-mail address, and pass the list rules of related
    /// collections.
    /// </summary>
    public bool AllowsHiddenFields { get; init; }

    /// <summary>Rules and superusers may use <c>@request.*</c> and <c>@collection.*</c>.</summary>
    public bool AllowsSystemOperands { get; init; }

    public FilterLimits Limits { get; init; } = FilterLimits.Default;

    /// <summary>For a rule of a collection: written by a superuser, so it sees everything.</summary>
    public static FilterOptions ForRule(TimeProvider clock) =>
        new() { Clock = clock, AllowsHiddenFields = true, AllowsSystemOperands = true };

    /// <summary>For a filter or sort that came with the request.</summary>
    public static FilterOptions ForClient(RequestInfo request, TimeProvider clock) =>
        request.IsSuperuser ? ForRule(clock) : new FilterOptions { Clock = clock };
}
