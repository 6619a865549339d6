using Platform.TenantShard.RateLimits;

namespace Platform.TenantShard.Http;

/// <summary>One method and path template, such as <c>GET /api/collections/{collection}/records/{id}</c>.</summary>
internal sealed class Route
{
    private readonly string[] _segments;

    public Route(string method, string template, ApiHandler handler)
    {
        Method = method;
        Template = template;
        Handler = handler;
        Tags = RateLimitTags.Of(method, template);
        _segments = template.Trim('/').Split('/');
        foreach (var segment in _segments)
            if (!IsParameter(segment)) LiteralCount++;
    }

    public string Method { get; }

    public string Template { get; }

    public ApiHandler Handler { get; }

    /// <summary>What limits of rates call it, the most exact name first.</summary>
    public string[] Tags { get; }

    public int SegmentCount => _segments.Length;

    /// <summary>Segments that are no parameters; of two routes that match, the one with more of them wins.</summary>
    public int LiteralCount { get; }

    /// <summary>Compares the path, cut into <paramref name="segments"/>, with the template.</summary>
    public bool Matches(ReadOnlySpan<char> path, ReadOnlySpan<Range> segments)
    {
        for (var index = 0; index < _segments.Length; index++)
        {
            var expected = _segments[index];
            var actual = path[segments[index]];
            if (IsParameter(expected) ? actual.IsEmpty : !actual.SequenceEqual(expected)) return false;
        }

        return true;
    }

    /// <summary>The parameters of a path that matches, in their order.</summary>
    public RouteValues Read(ReadOnlySpan<char> path, ReadOnlySpan<Range> segments)
    {
        var values = default(RouteValues);
        for (var index = 0; index < _segments.Length; index++)
            if (IsParameter(_segments[index])) values = values.With(path[segments[index]].ToString());
        return values;
    }

    private static bool IsParameter(string segment) => segment.StartsWith('{');
}
