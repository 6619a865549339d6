using System.Text;
using Platform.Cluster.Membership;
using Platform.Cluster.Store;

namespace Platform.Cluster.Tests.Membership;

public sealed class NodeTableTests
{
    private readonly NodeTable _nodes = new(TimeProvider.System);

    [Fact]
    public void A_heartbeat_leaves_the_way_to_a_node_as_it_is()
    {
        Put("http://10.0.0.1:8091", revision: 1);
        var before = _nodes.Find("n1")!.Target;
        Put("http://10.0.0.1:8091", revision: 2);

        Assert.NotNull(before);
        Assert.Equal("http://10.0.0.1:8091", before.Prefix);
        Assert.Same(before, _nodes.Find("n1")!.Target);
    }

    [Fact]
    public void A_node_that_comes_back_elsewhere_is_reached_there()
    {
        Put("http://10.0.0.1:8091", revision: 1);
        Put("http://10.0.0.2:8091", revision: 2);

        Assert.Equal("http://10.0.0.2:8091", _nodes.Find("n1")!.Target!.Prefix);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0.1")]
    [InlineData("http://")]
    public void A_node_without_a_usable_address_is_not_reached(string address)
    {
        Put(address, revision: 1);

        Assert.Null(_nodes.Find("n1")!.Target);
    }

    [Fact]
    public void A_node_whose_lease_has_ended_is_not_reached()
    {
        Put("http://10.0.0.1:8091", revision: 1);
        _nodes.Put(new StoreEntry(ClusterKeys.KnownNodes + "n1", Encoding.UTF8.GetBytes("""{"id":"n1"}"""), 2, 2, 0));
        _nodes.Remove(ClusterKeys.Nodes + "n1", revision: 3);

        Assert.Null(_nodes.Find("n1")?.Target);
    }

    private void Put(string address, long revision) => _nodes.Put(new StoreEntry(
        ClusterKeys.Nodes + "n1",
        Encoding.UTF8.GetBytes($$"""{"id":"n1","instance":"i","folder":"f","address":"{{address}}"}"""),
        revision, revision, 0));
}
