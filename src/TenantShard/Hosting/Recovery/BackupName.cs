using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Platform.TenantShard.Hosting.Recovery;

/// <summary>Names of backups: PocketBase's rule, which is also safe in object keys and file names.</summary>
public static class BackupName
{
    /// <summary>The rule in words, for error messages.</summary>
    public const string Rule =
        "must be 1 to 100 characters of a-z, 0-9, '-' and '_', with or without '.zip' at the end";

    private const int LengthMax = 100;

    private const string Extension = ".zip";

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Completes a name to the one that the object has.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out string? name)
    {
        var hasExtension = text.EndsWith(Extension, StringComparison.Ordinal);
        var stem = hasExtension ? text.AsSpan(0, text.Length - Extension.Length) : text;
        var isValid = stem.Length is > 0 and <= LengthMax && !stem.ContainsAnyExcept(Allowed);
        name = isValid ? string.Concat(stem, Extension) : null;
        return isValid;
    }

    /// <summary>The name of a backup that nobody named.</summary>
    public static string At(DateTimeOffset now) =>
        now.UtcDateTime.ToString("'backup-'yyyyMMdd'-'HHmmss'.zip'", CultureInfo.InvariantCulture);
}
