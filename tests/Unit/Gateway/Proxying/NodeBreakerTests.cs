using Platform.Gateway.Proxying;
using Platform.Testing;

namespace Platform.Gateway.Tests.Proxying;

public sealed class NodeBreakerTests
{
    private static readonly ProxyOptions Options = new()
    {
        BreakerFailures = 3,
        BreakerPause = TimeSpan.FromSeconds(1),
    };

    private readonly SimulatedTime _time = new();

    [Fact]
    public void Failures_in_a_row_open_it_and_a_success_between_them_does_not()
    {
        var breaker = new NodeBreaker(Options, _time);
        breaker.Failed();
        breaker.Failed();
        breaker.Succeeded();
        breaker.Failed();
        breaker.Failed();
        Assert.True(breaker.TryEnter());

        Assert.True(breaker.Failed());
        Assert.True(breaker.IsOpen);
        Assert.False(breaker.TryEnter());
    }

    [Fact]
    public void After_the_pause_one_request_is_the_probe_and_its_success_closes_it()
    {
        var breaker = Opened();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(breaker.TryEnter());
        Assert.False(breaker.TryEnter());
        breaker.Succeeded();
        Assert.False(breaker.IsOpen);
        Assert.True(breaker.TryEnter());
    }

    [Fact]
    public void A_failed_probe_doubles_the_pause_up_to_a_minute()
    {
        var breaker = Opened();
        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 32, 60, 60 })
        {
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.False(breaker.TryEnter());
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.True(breaker.TryEnter());
            Assert.False(breaker.Failed());
        }
    }

    [Fact]
    public void A_probe_that_never_reports_does_not_close_the_way_for_ever()
    {
        var breaker = Opened();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(breaker.TryEnter());
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.True(breaker.TryEnter());
    }

    private NodeBreaker Opened()
    {
        var breaker = new NodeBreaker(Options, _time);
        for (var failure = 0; failure < Options.BreakerFailures; failure++) breaker.Failed();
        return breaker;
    }
}
