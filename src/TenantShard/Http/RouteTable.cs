using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;

namespace Platform.TenantShard.Http;

/// <summary>
/// The tenant API's routes. Each feature adds its own at start; then the table only answers. Matching cuts the path
/// once and compares spans: no allocation but the parameters, and no dependency on the host's endpoint routing, which
/// has another table for the platform's own endpoints.
/// </summary>
internal sealed class RouteTable
{
    /// <summary>
    /// More than the longest template, so that longer paths are refused without being read to their end.
    /// </summary>
    private const int SegmentsMax = 10;

    private readonly List<Route>[] _bySegmentCount = new List<Route>[SegmentsMax];

    public RouteTable()
    {
        for (var count = 0; count < SegmentsMax; count++) _bySegmentCount[count] = [];
    }

    /// <summary>Adds a route. HEAD is answered by the route of GET.</summary>
    /// <exception cref="InvalidOperationException">The template is too long.</exception>
    public void Map(string method, string template, ApiHandler handler)
    {
        var route = new Route(method, template, handler);
        if (route.SegmentCount >= SegmentsMax)
            throw new InvalidOperationException($"The route {template} has too many segments.");
        var routes = _bySegmentCount[route.SegmentCount];
        var index = routes.FindIndex(other => other.LiteralCount < route.LiteralCount);
        routes.Insert(index < 0 ? routes.Count : index, route);
    }

    /// <summary>Finds the route of a request; a slash at the end of the path is ignored.</summary>
    public bool TryMatch(
        string method, ReadOnlySpan<char> path, [NotNullWhen(true)] out ApiHandler? handler, out RouteValues values)
    {
        handler = Find(method, path, out values)?.Handler;
        return handler is not null;
    }

    /// <summary>The same, for those who want to know more of the route; null when there is none.</summary>
    public Route? Find(string method, ReadOnlySpan<char> path, out RouteValues values)
    {
        values = default;
        path = path.TrimStart('/').TrimEnd('/');
        Span<Range> segments = stackalloc Range[SegmentsMax];
        var count = path.Split(segments, '/');
        if (count >= SegmentsMax) return null;
        var wanted = method == HttpMethods.Head ? HttpMethods.Get : method;
        foreach (var route in _bySegmentCount[count])
        {
            if (route.Method != wanted || !route.Matches(path, segments)) continue;
            values = route.Read(path, segments);
            return route;
        }

        return null;
    }
}
