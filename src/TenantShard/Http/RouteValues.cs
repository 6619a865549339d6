namespace Platform.TenantShard.Http;

/// <summary>The parameters of a route, in the order of its template. No route has more than three.</summary>
internal readonly record struct RouteValues(string First, string Second, string Third)
{
    public RouteValues With(string value) =>
        First is null ? this with { First = value }
        : Second is null ? this with { Second = value }
        : this with { Third = value };
}
