namespace Platform.Gateway.Resolution;

/// <summary>
/// The host name in a <c>Host</c> header (RFC 9110, section 7.2), in the one spelling that lookups use.
/// </summary>
internal static class HostName
{
    /// <summary>The longest host name in characters (RFC 1035, section 2.3.4, without the root's dot).</summary>
    public const int LengthMax = 253;

    /// <summary>
    /// Writes the name to <paramref name="name"/>: lower case, without port and trailing dot; an IPv6 literal keeps
    /// its brackets. False when it is longer than any host name.
    /// </summary>
    public static bool TryNormalise(ReadOnlySpan<char> header, Span<char> name, out int length)
    {
        length = 0;
        var host = WithoutPort(header);
        if (host is [.. var rooted, '.']) host = rooted;
        if (host.Length > LengthMax || host.Length > name.Length) return false;
        length = host.ToLowerInvariant(name);
        return true;
    }

    private static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> header)
    {
        if (header is ['[', ..])
        {
            var end = header.IndexOf(']');
            return end < 0 ? header : header[..(end + 1)];
        }

        var colon = header.LastIndexOf(':');
        return colon < 0 ? header : header[..colon];
    }
}
