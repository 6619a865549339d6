using Platform.Cluster.Configuration;

namespace Platform.Cluster.Tests.Configuration;

public sealed class ConfigurationUnitsTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("10s", 10_000)]
    [InlineData("10 seconds", 10_000)]
    [InlineData("1.5m", 90_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("1d", 86_400_000)]
    public void Durations_are_read(string text, double milliseconds)
    {
        Assert.True(ConfigurationUnits.TryParseDuration(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1e3s")]
    [InlineData("1.2.3s")]
    [InlineData("10 fortnights")]
    [InlineData("99999999999999999999d")]
    public void What_is_no_duration_is_refused(string text) =>
        Assert.False(ConfigurationUnits.TryParseDuration(text, out _));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1024", 1024)]
    [InlineData("512k", 524_288)]
    [InlineData("64MiB", 67_108_864)]
    [InlineData("64 MB", 64_000_000)]
    [InlineData("2GiB", 2_147_483_648)]
    [InlineData("0.5g", 536_870_912)]
    public void Sizes_are_read(string text, long bytes)
    {
        Assert.True(ConfigurationUnits.TryParseBytes(text, out var read));
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MiB")]
    [InlineData("-1")]
    [InlineData("1 stone")]
    [InlineData("99999999999999999999TB")]
    public void What_is_no_size_is_refused(string text) => Assert.False(ConfigurationUnits.TryParseBytes(text, out _));

    [Theory]
    [InlineData(90_000, "90s")]
    [InlineData(60_000, "1m")]
    [InlineData(1_500, "1500ms")]
    public void A_duration_is_written_as_it_can_be_read(double milliseconds, string expected) =>
        Assert.Equal(expected, ConfigurationUnits.Format(TimeSpan.FromMilliseconds(milliseconds)));

    [Theory]
    [InlineData(1023, "1023")]
    [InlineData(1024, "1KiB")]
    [InlineData(1L << 40, "1TiB")]
    [InlineData(1536L << 10, "1536KiB")]
    public void A_size_is_written_as_it_can_be_read(long bytes, string expected) =>
        Assert.Equal(expected, ConfigurationUnits.Format(bytes));
}
