using System.Text.Json;
using Platform.Cluster.Membership;
using Platform.Cluster.Store;
using Platform.Testing;

namespace Platform.Cluster.Tests.Membership;

public sealed class ClockSkewTests
{
    private readonly SimulatedTime _time = new();
    private readonly NodeTable _nodes;
    private long _revision;

    public ClockSkewTests() => _nodes = new NodeTable(_time);

    [Theory]
    [InlineData(0, false)]
    [InlineData(-5, false)]
    [InlineData(3, true)]
    [InlineData(-11, true)]
    public void A_clock_is_judged_by_heartbeats_after_the_first(int seconds, bool isOff)
    {
        Beat("i", _time.GetUtcNow().AddHours(-1));
        Assert.False(_nodes.Find("n1")!.IsClockOff);
        Beat("i", _time.GetUtcNow().AddSeconds(seconds));
        Assert.Equal(isOff, _nodes.Find("n1")!.IsClockOff);
        Assert.Equal(seconds, _nodes.Find("n1")!.ClockSkew.TotalSeconds);

        // Another life of the process may be on another machine.
        Beat("j", _time.GetUtcNow().AddHours(1));
        Assert.False(_nodes.Find("n1")!.IsClockOff);
    }

    private void Beat(string instance, DateTimeOffset heartbeat)
    {
        var document = new NodeDocument
        {
            Id = "n1",
            Instance = instance,
            Folder = "f",
            Address = "http://n1",
            Heartbeat = heartbeat,
        };
        _nodes.Put(new StoreEntry(
            ClusterKeys.Node("n1"), JsonSerializer.SerializeToUtf8Bytes(document, MembershipJson.Default.NodeDocument), 1,
            ++_revision, 0));
    }
}
