using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.TenantShard.Backups;

/// <summary>Names of backups: PocketBase's rule, which is also safe in object keys and file names.</summary>
internal static partial class BackupKey
{
    /// <summary>The beginning of names of backups that a schedule made.</summary>
    public const string AutoPrefix = "auto_pb_backup_";

    private const string TimeFormat = "yyyyMMddHHmmss";

    public static bool IsValid(string key) => Pattern().IsMatch(key);

    public static string At(DateTimeOffset now) => $"pb_backup_{Format(now)}.zip";

    public static string AutoAt(DateTimeOffset now) => $"{AutoPrefix}{Format(now)}.zip";

    private static string Format(DateTimeOffset now) =>
        now.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A[a-z0-9_-]{1,100}\.zip\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
