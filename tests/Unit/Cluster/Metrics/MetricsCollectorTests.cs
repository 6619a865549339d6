using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Cluster.Metrics;

namespace Platform.Cluster.Tests.Metrics;

public sealed class MetricsCollectorTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Meter _meter;
    private readonly MetricsCollector _collector;

    public MetricsCollectorTests()
    {
        Meters = _services.GetRequiredService<IMeterFactory>();
        _meter = Meters.Create("Platform.Test");
        _collector = new MetricsCollector(Meters, 50, NullLogger<MetricsCollector>.Instance);
    }

    private IMeterFactory Meters { get; }

    public void Dispose()
    {
        _collector.Dispose();
        _meter.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void A_counter_adds_up_by_its_tags()
    {
        var counter = _meter.CreateCounter<long>("test.things", "{thing}", "Things that \\ happened\nhere.");
        counter.Add(2, new KeyValuePair<string, object?>("kind", "a"), new KeyValuePair<string, object?>("n", 1));
        counter.Add(3, new KeyValuePair<string, object?>("kind", "a"), new KeyValuePair<string, object?>("n", 1));
        counter.Add(1, new KeyValuePair<string, object?>("kind", "say \"hi\"\\\n"), new KeyValuePair<string, object?>("n", 2));
        Assert.Equal(
            """
            # HELP platform_test_things_total Things that \\ happened\nhere.
            # TYPE platform_test_things_total counter
            platform_test_things_total{kind="a",n="1"} 5
            platform_test_things_total{kind="say \"hi\"\\\n",n="2"} 1

            """,
            Scrape("platform_test_things"));
    }

    [Fact]
    public void A_histogram_counts_in_cumulative_buckets()
    {
        var histogram = _meter.CreateHistogram(
            "test.duration", "s", "How long.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (var value in new[] { 0.05, 0.1, 0.5, 3 }) histogram.Record(value);
        Assert.Equal(
            """
            # HELP platform_test_duration_seconds How long.
            # TYPE platform_test_duration_seconds histogram
            platform_test_duration_seconds_bucket{le="0.1"} 2
            platform_test_duration_seconds_bucket{le="1"} 3
            platform_test_duration_seconds_bucket{le="+Inf"} 4
            platform_test_duration_seconds_sum 3.65
            platform_test_duration_seconds_count 4

            """,
            Scrape("platform_test_duration"));
    }

    [Theory]
    [InlineData("s", "0.0005", "30")]
    [InlineData("By", "256", "67108864")]
    [InlineData("{thing}", "1", "1024")]
    public void A_histogram_without_advice_has_buckets_for_its_unit(string unit, string first, string last)
    {
        _meter.CreateHistogram<int>("test.size", unit).Record(1);
        var text = Scrape("platform_test_size");
        Assert.Contains($"le=\"{first}\"", text, StringComparison.Ordinal);
        Assert.Contains($"le=\"{last}\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gauge_shows_what_is_and_forgets_what_is_not()
    {
        var present = new List<string> { "a", "b" };
        _meter.CreateObservableGauge(
            "test.level", () => present.Select(name => new Measurement<double>(0.5, new KeyValuePair<string, object?>("of", name))), "1");
        Assert.Contains("platform_test_level_ratio{of=\"b\"} 0.5\n", Scrape("platform_test_level"), StringComparison.Ordinal);
        present.Remove("b");
        var text = Scrape("platform_test_level");
        Assert.Contains("{of=\"a\"}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("{of=\"b\"}", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE platform_test_level_ratio gauge", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_up_down_counter_goes_down()
    {
        var counter = _meter.CreateUpDownCounter<int>("test.open");
        counter.Add(3);
        counter.Add(-2);
        Assert.Contains("platform_test_open 1\n", Scrape("platform_test_open"), StringComparison.Ordinal);
    }

    [Fact]
    public void One_broken_gauge_does_not_hide_the_others()
    {
        _meter.CreateObservableGauge("test.broken", int () => throw new InvalidOperationException("broken"));
        _meter.CreateObservableGauge("test.sound", () => 7);
        Assert.Contains("platform_test_sound 7\n", Scrape("platform_test_sound"), StringComparison.Ordinal);
    }

    [Fact]
    public void Series_are_bounded_and_the_rest_is_counted()
    {
        var counter = _meter.CreateCounter<long>("test.many");
        for (var number = 0; number < 200; number++) counter.Add(1, new KeyValuePair<string, object?>("n", number));
        var count = Scrape("platform_test_many").Split('\n').Count(line => line.StartsWith("platform_", StringComparison.Ordinal));
        Assert.InRange(count, 1, 50);
        Assert.True(_collector.SeriesDropped >= 200 - count);
    }

    [Fact]
    public async Task Measurements_of_many_threads_are_all_counted()
    {
        var counter = _meter.CreateCounter<long>("test.parallel");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var number = 0; number < 10_000; number++)
                counter.Add(1, new KeyValuePair<string, object?>("n", number % 4));
        })));
        for (var number = 0; number < 4; number++)
            Assert.Contains($"platform_test_parallel_total{{n=\"{number}\"}} 10000\n", Scrape("platform_test_parallel"), StringComparison.Ordinal);
    }

    [Fact]
    public void Meters_of_others_are_left_out()
    {
        using var foreign = new Meter("Other");
        foreign.CreateCounter<long>("other.things").Add(1);
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        services.GetRequiredService<IMeterFactory>().Create("Platform.Test").CreateCounter<long>("test.elsewhere").Add(1);
        Assert.Empty(Scrape("other"));
        Assert.Empty(Scrape("platform_test_elsewhere"));
    }

    private string Scrape(string prefix)
    {
        var text = new PrometheusText();
        _collector.Scrape((families, scrape) =>
        {
            foreach (var family in families.Where(family => family.Name.StartsWith(prefix, StringComparison.Ordinal)))
                text.Write(family, scrape);
        });
        return text.ToString();
    }
}
