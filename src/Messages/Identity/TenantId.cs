using System.Diagnostics.CodeAnalysis;

namespace Platform.Messages.Identity;

/// <summary>
/// A tenant's name: one DNS label, because it is the first label of the tenant's host name.
/// 1 to 63 characters of <c>a-z</c>, <c>0-9</c> and <c>-</c>, starting and ending with a letter or digit.
/// The text is safe in object keys, paths and log lines.
/// </summary>
public readonly record struct TenantId
{
    /// <summary>The longest id, in characters: the limit of a DNS label (RFC 1035, section 2.3.4).</summary>
    public const int LengthMax = 63;

    /// <summary>The rule in words, for error messages.</summary>
    public const string Rule =
        "must be 1 to 63 characters of a-z, 0-9 and '-', and start and end with a letter or digit";

    private readonly string? _value;

    private TenantId(string value) => _value = value;

    /// <summary>The id as text. Throws when this is <c>default</c>, which is not a tenant.</summary>
    /// <exception cref="InvalidOperationException">The value was never parsed.</exception>
    public string Value => _value ?? throw new InvalidOperationException("An unset tenant id was used.");

    /// <summary>Parses <paramref name="text"/>; never changes its case, so that one tenant has one spelling.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TenantId id)
    {
        id = default;
        if (text is null || !IsValid(text)) return false;
        id = new TenantId(text);
        return true;
    }

    /// <summary>Parses an id that is known to be valid, such as one read from the registry.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> breaks <see cref="Rule"/>.</exception>
    public static TenantId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"The tenant id '{text}' {Rule}.");

    /// <summary>True when <paramref name="text"/> keeps <see cref="Rule"/>.</summary>
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > LengthMax || text[0] == '-' || text[^1] == '-') return false;
        foreach (var character in text)
            if (character is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')) return false;
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => _value ?? "";
}
