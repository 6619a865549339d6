using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Platform.TenantShard.Records;

/// <summary>
/// Text made from a field's autogenerate pattern: literals, <c>\d \w</c> and classes such as <c>[a-z0-9]</c>, each
/// optionally repeated by <c>{n}</c> or <c>{n,m}</c>.
/// </summary>
internal static class GeneratedText
{
    /// <summary>Bytes of a generated record id.</summary>
    public const int IdLength = 15;

    public const string IdPattern = "[a-z0-9]{15}";

    /// <summary>The key of a record's tokens, when its collection has no pattern of its own.</summary>
    public const string TokenKeyPattern = "[a-zA-Z0-9_]{50}";

    /// <summary>Characters that a pattern may repeat one class; a longer one is cut.</summary>
    private const int RepeatMax = 1000;

    private const string Digits = "0123456789";
    private const string WordCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

    private static ReadOnlySpan<byte> IdAlphabet => "abcdefghijklmnopqrstuvwxyz0123456789"u8;

    /// <summary>Fills the span with an id: 15 of 36 characters are about 77 bits.</summary>
    public static void FillId(Span<byte> target) => RandomNumberGenerator.GetItems(IdAlphabet, target);

    public static string From(string pattern)
    {
        var text = new StringBuilder();
        var position = 0;
        while (position < pattern.Length)
        {
            var alphabet = ReadAlphabet(pattern, ref position);
            var count = ReadCount(pattern, ref position);
            if (alphabet.Length > 0) text.Append(RandomNumberGenerator.GetString(alphabet, count));
        }

        return text.ToString();
    }

    private static string ReadAlphabet(string pattern, ref int position)
    {
        var character = pattern[position++];
        if (character == '[') return ReadClass(pattern, ref position);
        if (character != '\\' || position == pattern.Length) return character.ToString();
        return pattern[position++] switch
        {
            'd' => Digits,
            'w' => WordCharacters,
            var escaped => escaped.ToString(),
        };
    }

    private static string ReadClass(string pattern, ref int position)
    {
        var alphabet = new StringBuilder();
        while (position < pattern.Length && pattern[position] != ']')
        {
            var first = pattern[position++];
            if (first == '\\' && position < pattern.Length)
            {
                position--;
                alphabet.Append(ReadAlphabet(pattern, ref position));
                continue;
            }

            var isRange = position + 1 < pattern.Length && pattern[position] == '-' && pattern[position + 1] != ']';
            var last = isRange ? pattern[position + 1] : first;
            if (isRange) position += 2;
            for (var character = first; character <= last; character++) alphabet.Append(character);
        }

        position++;
        return alphabet.ToString();
    }

    private static int ReadCount(string pattern, ref int position)
    {
        if (position >= pattern.Length || pattern[position] != '{') return 1;
        var end = pattern.IndexOf('}', position);
        if (end < 0) return 1;
        var bounds = pattern[(position + 1)..end].Split(',');
        position = end + 1;
        if (!TryParse(bounds[0], out var min)) return 1;
        var max = bounds.Length > 1 && TryParse(bounds[1], out var upper) ? upper : min;
        max = Math.Clamp(max, 0, RepeatMax);
        min = Math.Clamp(min, 0, max);
        return min == max ? min : RandomNumberGenerator.GetInt32(min, max + 1);
    }

    private static bool TryParse(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
