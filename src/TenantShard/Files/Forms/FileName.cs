using System.Security.Cryptography;
using System.Text;

namespace Platform.TenantShard.Files.Forms;

/// <summary>
/// The name under which an uploaded file is stored, as PocketBase makes it: the sent name in snake case, ten random
/// characters and the extension. ASCII without separators of paths, whatever was sent.
/// </summary>
internal static class FileName
{
    private const string RandomCharacters = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int RandomLength = 10;
    private const int StemMin = 3;
    private const int StemMax = 100;
    private const int ExtensionMax = 20;

    /// <param name="original">The name that the client sent.</param>
    /// <param name="detected">The extension of the content, for names without one.</param>
    public static string Create(string original, string detected)
    {
        var sent = ExtensionOf(original);
        var extension = Clean(sent);
        if (extension.Length == 0) extension = detected;
        if (extension.Length > ExtensionMax) extension = "." + extension[^ExtensionMax..];
        var stem = SnakeCase(original[..^sent.Length]);
        if (stem.Length < StemMin) stem += RandomText();
        else if (stem.Length > StemMax) stem = stem[..StemMax];
        return $"{stem}_{RandomText()}{extension}";
    }

    /// <summary>The last two parts, for names such as <c>a.tar.gz</c>.</summary>
    private static string ExtensionOf(string name)
    {
        var last = name.LastIndexOf('.');
        if (last < 0) return "";
        var before = name.AsSpan(0, last).LastIndexOf('.');
        return name[(before < 0 ? last : before)..];
    }

    private static string Clean(string extension) =>
        string.Concat(extension.Where(static character => IsWord(character) || ".*-+=#".Contains(character)));

    private static string SnakeCase(string text)
    {
        var result = new StringBuilder(text.Length + 8);
        var previous = '_';
        foreach (var character in text)
        {
            var isWord = IsWord(character) && character != '_';
            if (isWord)
            {
                var startsWord = previous == '_' || (char.IsAsciiLetterUpper(character)
                    && !char.IsAsciiLetterUpper(previous));
                if (startsWord && result.Length > 0) result.Append('_');
                result.Append(char.ToLowerInvariant(character));
            }

            previous = isWord ? character : '_';
        }

        return result.ToString();
    }

    private static bool IsWord(char character) => char.IsAsciiLetterOrDigit(character) || character == '_';

    private static string RandomText() => RandomNumberGenerator.GetString(RandomCharacters, RandomLength);
}
