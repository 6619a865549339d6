using System.Globalization;
using Platform.Replication.Ltx;
using Platform.Replication.Maintenance;

namespace Platform.Replication.Tests.Maintenance;

/// <summary>
/// Files of a replica in a few words, at a fixed now: <c>0/5</c>, <c>1/2-65</c>, <c>9/1-70</c>, with <c>@90</c> for an
/// age in minutes (of content and storage), <c>*1000</c> for a size and <c>!</c> for damaged.
/// </summary>
internal static class Files
{
    public const long UtcMilliseconds = 1_800_000_000_000;

    public static readonly TimeSpan Now = TimeSpan.FromDays(10);

    public static KnownFile[] Parse(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(ParseOne)
            .OrderBy(file => file.Level).ThenBy(file => file.Min).ThenBy(file => file.Max)];

    public static string Format(IEnumerable<KnownFile> files) => string.Join(' ', files.Select(Format));

    private static string Format(KnownFile file) => file.Level == 0 && file.Min == file.Max
        ? $"0/{file.Min.Value}"
        : $"{file.Level}/{file.Min.Value}-{file.Max.Value}";

    // "0/2..9" is eight files of level 0.
    private static IEnumerable<KnownFile> ParseOne(string word)
    {
        var isDamaged = word.EndsWith('!');
        var (name, bytes) = Split(word.TrimEnd('!'), '*', 100);
        (name, var minutes) = Split(name, '@', 0);
        var (level, range) = (int.Parse(name[..1], CultureInfo.InvariantCulture), name[2..]);
        var dots = range.IndexOf("..", StringComparison.Ordinal);
        if (dots >= 0)
        {
            var first = Number(range[..dots]);
            for (var txid = first; txid <= Number(range[(dots + 2)..]); txid++)
            {
                yield return Create(level, txid, txid, bytes, minutes, isDamaged);
            }

            yield break;
        }

        var ends = range.Split('-');
        yield return Create(level, Number(ends[0]), Number(ends[^1]), bytes, minutes, isDamaged);
    }

    private static (string Before, long Value) Split(string word, char mark, long otherwise)
    {
        var index = word.IndexOf(mark, StringComparison.Ordinal);
        return index < 0
            ? (word, otherwise)
            : (word[..index], long.Parse(word[(index + 1)..], CultureInfo.InvariantCulture));
    }

    private static ulong Number(string text) => ulong.Parse(text, CultureInfo.InvariantCulture);

    private static KnownFile Create(int level, ulong min, ulong max, long bytes, long minutes, bool isDamaged) => new()
    {
        Level = level,
        Min = new Txid(min),
        Max = new Txid(max),
        Bytes = bytes,
        TimestampMilliseconds = UtcMilliseconds - (minutes * 60_000),
        StoredAt = Now - TimeSpan.FromMinutes(minutes),
        IsDamaged = isDamaged,
    };
}
