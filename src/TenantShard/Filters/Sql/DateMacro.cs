using System.Collections.Frozen;
using System.Globalization;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.Filters.Sql;

/// <summary>The time macros: each a number or a text in the stored form of dates, always UTC.</summary>
internal static class DateMacro
{
    private static readonly FrozenDictionary<string, Func<DateTime, SqlValue>> Macros =
        new Dictionary<string, Func<DateTime, SqlValue>>(StringComparer.Ordinal)
        {
            ["@now"] = now => Moment(now),
            ["@second"] = now => SqlValue.From((long)now.Second),
            ["@minute"] = now => SqlValue.From((long)now.Minute),
            ["@hour"] = now => SqlValue.From((long)now.Hour),
            ["@weekday"] = now => SqlValue.From((long)now.DayOfWeek),
            ["@day"] = now => SqlValue.From((long)now.Day),
            ["@month"] = now => SqlValue.From((long)now.Month),
            ["@year"] = now => SqlValue.From((long)now.Year),
            ["@yesterday"] = now => Moment(now.AddDays(-1)),
            ["@tomorrow"] = now => Moment(now.AddDays(1)),
            ["@todayStart"] = now => Moment(now.Date),
            ["@todayEnd"] = now => Moment(now.Date.AddDays(1).AddMilliseconds(-1)),
            ["@monthStart"] = now => Moment(MonthStart(now)),
            ["@monthEnd"] = now => Moment(MonthStart(now).AddMonths(1).AddMilliseconds(-1)),
            ["@yearStart"] = now => Moment(YearStart(now)),
            ["@yearEnd"] = now => Moment(YearStart(now).AddYears(1).AddMilliseconds(-1)),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    public static bool IsKnown(string name) => Macros.ContainsKey(name);

    public static SqlValue Resolve(string name, DateTimeOffset now) => Macros[name](now.UtcDateTime);

    private static SqlValue Moment(DateTime moment) =>
        SqlValue.From(moment.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    private static DateTime MonthStart(DateTime now) => new(now.Year, now.Month, 1, 0, 0, 0, DateTimeKind.Utc);

    private static DateTime YearStart(DateTime now) => new(now.Year, 1, 1, 0, 0, 0, DateTimeKind.Utc);
}
