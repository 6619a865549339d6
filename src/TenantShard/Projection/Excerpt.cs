namespace Platform.TenantShard.Projection;

/// <summary><c>:excerpt(max, withEllipsis)</c>: the beginning of a text without its HTML tags.</summary>
/// <param name="Max">Most characters, the ellipsis apart.</param>
/// <param name="HasEllipsis">Put <c>...</c> after a text that was cut.</param>
internal sealed record Excerpt(int Max, bool HasEllipsis)
{
    public string Of(string text)
    {
        var plain = HtmlText.Strip(text, Max);
        var end = 0;
        var characters = 0;
        while (end < plain.Length && characters < Max)
        {
            end += char.IsSurrogatePair(plain, end) ? 2 : 1;
            characters++;
        }

        if (end >= plain.Length) return plain;
        var cut = plain[..end].Trim();
        return HasEllipsis ? cut + "..." : cut;
    }
}
