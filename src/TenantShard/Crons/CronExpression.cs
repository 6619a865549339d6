using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Platform.TenantShard.Crons;

/// <summary>
/// When a job runs: <c>minute hour day month weekday</c>, each <c>*</c>, a number, a range <c>1-5</c>, a step
/// <c>*/6</c> or <c>1-9/2</c>, or a list of them; or a name such as <c>@daily</c>. All five must match. Weekdays begin
/// with Sunday = 0. Times are UTC.
/// </summary>
internal sealed class CronExpression
{
    /// <summary>How far <see cref="HasOccurrence"/> looks: a schedule of less than once a year has none.</summary>
    private static readonly TimeSpan RangeMax = TimeSpan.FromDays(366);

    private readonly ulong _minutes;
    private readonly ulong _hours;
    private readonly ulong _days;
    private readonly ulong _months;
    private readonly ulong _weekdays;

    private CronExpression(string text, ReadOnlySpan<ulong> fields)
    {
        Text = text;
        (_minutes, _hours, _days, _months, _weekdays) = (fields[0], fields[1], fields[2], fields[3], fields[4]);
    }

    /// <summary>As its owner wrote it.</summary>
    public string Text { get; }

    /// <exception cref="FormatException">It is none.</exception>
    public static CronExpression Parse(string text) => TryParse(text, out var expression)
        ? expression
        : throw new FormatException($"'{text}' is no cron expression.");

    public static bool TryParse(string text, [NotNullWhen(true)] out CronExpression? expression)
    {
        expression = null;
        var fields = Expand(text.Trim()).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5) return false;
        ReadOnlySpan<(int Min, int Max)> ranges = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)];
        Span<ulong> parsed = stackalloc ulong[5];
        for (var index = 0; index < 5; index++)
            if (!TryParseField(fields[index], ranges[index].Min, ranges[index].Max, out parsed[index])) return false;
        expression = new CronExpression(text, parsed);
        return true;
    }

    /// <summary>True for a minute in which the job runs.</summary>
    public bool Includes(DateTimeOffset moment)
    {
        var time = moment.UtcDateTime;
        return Has(_minutes, time.Minute) && Has(_hours, time.Hour) && Has(_days, time.Day)
            && Has(_months, time.Month) && Has(_weekdays, (int)time.DayOfWeek);
    }

    /// <summary>True when the job should have run after one moment and until another.</summary>
    public bool HasOccurrence(DateTimeOffset after, DateTimeOffset until)
    {
        if (after >= until) return false;
        if (until - after > RangeMax) after = until - RangeMax;
        for (var minute = Floor(after).AddMinutes(1); minute <= until; minute = minute.AddMinutes(1))
            if (Includes(minute)) return true;
        return false;
    }

    /// <summary>The minute that a moment is in.</summary>
    public static DateTimeOffset Floor(DateTimeOffset moment) =>
        new(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);

    private static string Expand(string text) => text switch
    {
        "@yearly" or "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" or "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        _ => text,
    };

    private static bool TryParseField(string text, int min, int max, out ulong bits)
    {
        bits = 0;
        foreach (var part in text.Split(','))
        {
            var slash = part.IndexOf('/');
            var range = slash < 0 ? part : part[..slash];
            var step = 1;
            if (slash >= 0 && (!TryParseNumber(part[(slash + 1)..], 1, max, out step))) return false;
            if (!TryParseRange(range, min, max, slash >= 0, out var first, out var last)) return false;
            for (var value = first; value <= last; value += step) bits |= 1UL << value;
        }

        return true;
    }

    private static bool TryParseRange(string text, int min, int max, bool hasStep, out int first, out int last)
    {
        (first, last) = (min, max);
        if (text == "*") return true;
        var dash = text.IndexOf('-');
        if (dash >= 0)
            return TryParseNumber(text[..dash], min, max, out first)
                && TryParseNumber(text[(dash + 1)..], first, max, out last);
        // A step needs something to step through.
        if (hasStep || !TryParseNumber(text, min, max, out first)) return false;
        last = first;
        return true;
    }

    private static bool TryParseNumber(string text, int min, int max, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && number >= min && number <= max;

    private static bool Has(ulong bits, int value) => (bits & (1UL << value)) != 0;
}
