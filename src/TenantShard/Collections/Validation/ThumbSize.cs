namespace Platform.TenantShard.Collections.Validation;

/// <summary>
/// A thumbnail size: <c>{width}x{height}</c> with an optional <c>t</c>, <c>b</c> or <c>f</c> (crop from the top or
/// bottom, or fit without cropping). One of the two may be 0: then it follows from the other.
/// </summary>
internal static class ThumbSize
{
    private const int DigitsMax = 5;

    public static bool IsValid(string size)
    {
        var text = size.AsSpan();
        if (text.Length > 0 && text[^1] is 't' or 'b' or 'f') text = text[..^1];
        var cross = text.IndexOf('x');
        if (cross < 1 || cross == text.Length - 1) return false;
        var width = text[..cross];
        var height = text[(cross + 1)..];
        return IsNumber(width) && IsNumber(height) && (width.ContainsAnyExcept('0') || height.ContainsAnyExcept('0'));
    }

    private static bool IsNumber(ReadOnlySpan<char> text) =>
        text.Length <= DigitsMax && !text.ContainsAnyExceptInRange('0', '9');
}
