using System.Globalization;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Projection;

/// <summary>
/// The <c>fields</c> parameter as a tree: which members of a JSON object are shown. Everywhere, null stands for "all of
/// it". Immutable.
/// </summary>
internal sealed class FieldProjection
{
    /// <summary>Characters of the parameter.</summary>
    public const int LengthMax = 4000;

    /// <summary>Names in one path: six levels of expand, each two names, and a few inside a JSON field.</summary>
    public const int DepthMax = 20;

    private readonly Dictionary<string, Member> _members = new(StringComparer.Ordinal);

    /// <summary>Null when the parameter is absent or names nothing: everything is shown.</summary>
    /// <exception cref="ApiException">400 for an unknown modifier or a parameter beyond its limits.</exception>
    public static FieldProjection? Parse(string fields)
    {
        if (string.IsNullOrWhiteSpace(fields)) return null;
        if (fields.Length > LengthMax) throw Invalid($"longer than {LengthMax} characters");
        var root = new FieldProjection();
        foreach (var part in SplitParts(fields))
            if (part.Length > 0) root.Add(part);
        return root._members.Count == 0 ? null : root;
    }

    /// <summary>True when the member is shown, in whole or in part.</summary>
    public bool Includes(string name) => _members.ContainsKey(name) || _members.ContainsKey("*");

    /// <summary>What is shown of the member's own members; null for all.</summary>
    public FieldProjection? Child(string name) =>
        Find(name) is { IsWhole: false } member ? member.Parts : null;

    /// <summary>How the member's text is shortened, or null.</summary>
    public Excerpt? ExcerptOf(string name) => Find(name) is { IsWhole: true } member ? member.Excerpt : null;

    private static ApiException Invalid(string reason) => ApiException.BadRequest($"Invalid fields: {reason}.");

    /// <summary>Splits at the commas outside of parentheses.</summary>
    private static IEnumerable<string> SplitParts(string fields)
    {
        var start = 0;
        var isInside = false;
        for (var i = 0; i < fields.Length; i++)
        {
            if (fields[i] == '(') isInside = true;
            else if (fields[i] == ')') isInside = false;
            if (fields[i] != ',' || isInside) continue;
            yield return fields[start..i].Trim();
            start = i + 1;
        }

        yield return fields[start..].Trim();
    }

    private static Excerpt? ParseModifier(string modifier)
    {
        if (modifier.Length == 0) return null;
        const string prefix = "excerpt(";
        if (!modifier.StartsWith(prefix, StringComparison.Ordinal) || !modifier.EndsWith(')'))
            throw Invalid("unknown modifier");
        var arguments = modifier[prefix.Length..^1].Split(',', StringSplitOptions.TrimEntries);
        if (arguments.Length > 2
            || !int.TryParse(arguments[0], NumberStyles.None, CultureInfo.InvariantCulture, out var max)
            || max == 0)
        {
            throw Invalid("excerpt takes a number of characters above 0 and, if wanted, true");
        }

        return new Excerpt(max, arguments.Length == 2 && arguments[1] is "true" or "1");
    }

    private Member? Find(string name) =>
        _members.TryGetValue(name, out var exact) ? exact : _members.GetValueOrDefault("*");

    private void Add(string part)
    {
        var colon = part.IndexOf(':', StringComparison.Ordinal);
        var excerpt = colon < 0 ? null : ParseModifier(part[(colon + 1)..].Trim());
        var names = (colon < 0 ? part : part[..colon]).Split('.', DepthMax + 1);
        if (names.Length > DepthMax) throw Invalid($"a path of more than {DepthMax} names");
        var at = this;
        for (var i = 0; i < names.Length; i++)
        {
            if (!at._members.TryGetValue(names[i], out var member)) at._members.Add(names[i], member = new Member());
            if (i == names.Length - 1)
            {
                member.IsWhole = true;
                member.Excerpt ??= excerpt;
            }

            at = member.Parts;
        }
    }

    /// <summary>What is known of one name while the tree is built; not changed afterwards.</summary>
    private sealed class Member
    {
        public bool IsWhole { get; set; }

        public Excerpt? Excerpt { get; set; }

        public FieldProjection Parts { get; } = new();
    }
}
