using System.Text;

namespace Platform.TenantShard.PocketBaseData.Legacy;

/// <summary>
/// Rules of before 0.23. They mean the same now but for one name: <c>@request.data</c> became <c>@request.body</c>. All
/// else of their text stays, spaces included.
/// </summary>
internal static class LegacyRules
{
    private const string Before = "@request.data";
    private const string Now = "@request.body";

    public static string? Convert(string? rule)
    {
        if (rule is null || !rule.Contains(Before, StringComparison.Ordinal)) return rule;
        var converted = new StringBuilder(rule.Length);
        var quote = '\0';
        for (var position = 0; position < rule.Length; position++)
        {
            var character = rule[position];
            if (quote == '\0' && IsName(rule.AsSpan(position)))
            {
                converted.Append(Now);
                position += Before.Length - 1;
                continue;
            }

            if (quote != '\0' && character == '\\' && position + 1 < rule.Length)
            {
                converted.Append(character);
                character = rule[++position];
            }
            else if (character == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && character is '\'' or '"')
            {
                quote = character;
            }

            converted.Append(character);
        }

        return converted.ToString();
    }

    private static bool IsName(ReadOnlySpan<char> rest) =>
        rest.StartsWith(Before, StringComparison.Ordinal)
        && (rest.Length == Before.Length || rest[Before.Length] is '.' or ':');
}
