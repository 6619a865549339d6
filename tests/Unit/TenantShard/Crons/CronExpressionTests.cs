using System.Globalization;
using Platform.TenantShard.Crons;

namespace Platform.TenantShard.Tests.Crons;

public sealed class CronExpressionTests
{
    [Theory]
    [InlineData("* * * * *", "2026-08-01 12:34", true)]
    [InlineData("34 12 * * *", "2026-08-01 12:34", true)]
    [InlineData("35 12 * * *", "2026-08-01 12:34", false)]
    [InlineData("0 */6 * * *", "2026-08-01 18:00", true)]
    [InlineData("0 */6 * * *", "2026-08-01 19:00", false)]
    [InlineData("0-10/5,30 * * * *", "2026-08-01 19:10", true)]
    [InlineData("0-10/5,30 * * * *", "2026-08-01 19:30", true)]
    [InlineData("0-10/5,30 * * * *", "2026-08-01 19:15", false)]
    [InlineData("0 0 1 1 *", "2027-01-01 00:00", true)]
    [InlineData("0 0 * * 6", "2026-08-01 00:00", true)]
    [InlineData("0 0 1 * 0", "2026-08-01 00:00", false)]
    [InlineData("@daily", "2026-08-01 00:00", true)]
    [InlineData("@midnight", "2026-08-01 00:01", false)]
    [InlineData("@hourly", "2026-08-01 17:00", true)]
    [InlineData("@weekly", "2026-08-02 00:00", true)]
    [InlineData("@monthly", "2026-08-01 00:00", true)]
    [InlineData("@yearly", "2026-08-01 00:00", false)]
    [InlineData("@annually", "2026-01-01 00:00", true)]
    public void A_minute_matches_when_all_fields_do(string expression, string moment, bool isMatch)
    {
        Assert.Equal(isMatch, CronExpression.Parse(expression).Includes(Time(moment)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("* * * *")]
    [InlineData("* * * * * *")]
    [InlineData("60 * * * *")]
    [InlineData("* 24 * * *")]
    [InlineData("* * 0 * *")]
    [InlineData("* * * 13 *")]
    [InlineData("* * * * 7")]
    [InlineData("5-1 * * * *")]
    [InlineData("5/2 * * * *")]
    [InlineData("*/0 * * * *")]
    [InlineData("1, * * * *")]
    [InlineData("-1 * * * *")]
    [InlineData("+1 * * * *")]
    [InlineData("a * * * *")]
    [InlineData("@often")]
    public void What_is_no_expression_is_refused(string text)
    {
        Assert.False(CronExpression.TryParse(text, out _));
        Assert.Throws<FormatException>(() => CronExpression.Parse(text));
    }

    [Theory]
    [InlineData("0 0 * * *", "2026-08-01 00:00", "2026-08-01 23:59", false)]
    [InlineData("0 0 * * *", "2026-08-01 23:59", "2026-08-02 00:00", true)]
    [InlineData("0 0 * * *", "2020-01-01 00:00", "2026-08-02 00:00", true)]
    [InlineData("0 0 30 2 *", "2020-01-01 00:00", "2026-08-02 00:00", false)]
    [InlineData("* * * * *", "2026-08-02 00:00", "2026-08-02 00:00", false)]
    public void A_time_between_two_moments_is_found(string expression, string after, string until, bool isFound)
    {
        Assert.Equal(isFound, CronExpression.Parse(expression).HasOccurrence(Time(after), Time(until)));
    }

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
