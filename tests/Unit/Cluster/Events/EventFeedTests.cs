using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Cluster.Coordinator;
using Platform.Cluster.Events;
using Platform.Cluster.Membership;
using Platform.Cluster.Store;
using Platform.Cluster.Store.Embedded;
using Platform.Cluster.Tests.Support;
using Platform.Testing;

namespace Platform.Cluster.Tests.Events;

public sealed class EventFeedTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _running = [];
    private readonly EmbeddedStore _store;

    public EventFeedTests() => _store = EmbeddedStore.Open(
        _folder.File("cluster.db"), 10_000, TimeProvider.System, NullLogger<EmbeddedStore>.Instance);

    [Fact]
    public async Task Two_processes_tell_the_same_events_under_the_same_ids_also_of_the_time_before_their_start()
    {
        var early = Follow();
        await BeatAsync("n1");
        await BeatAsync("n1", problems: "disk: full");
        await BeatAsync("n1");
        await PutAsync("/tenants-uncopied/acme", EventKinds.TenantCreated);
        await PutRouteAsync("acme", "n1", null);
        await PutRouteAsync("acme", "n2", "n1");
        var late = Follow();
        await DeleteAsync("/nodes/n1");

        string[] expected =
        [
            EventKinds.NodeJoined, EventKinds.NodeDegraded, EventKinds.NodeRecovered, EventKinds.TenantCreated,
            EventKinds.TenantAssigned, EventKinds.TenantMoved, EventKinds.NodeDown,
        ];
        foreach (var feed in (EventFeed[])[early, late])
            await Eventually.TrueAsync(() => feed.After(default, 100).Select(item => item.Kind).SequenceEqual(expected));
        Assert.Equal(early.After(default, 100).Select(item => item.Id), late.After(default, 100).Select(item => item.Id));
        var moved = late.After(default, 100)[5];
        Assert.Equal(("acme", "n2", "n1", "moved"), (moved.Tenant, moved.Node, moved.From, moved.Reason));
    }

    [Fact]
    public async Task A_node_that_says_goodbye_left_and_one_that_does_not_is_down()
    {
        var feed = Follow();
        await PutAsync("/nodes-known/good", "{}");
        await BeatAsync("good");
        await BeatAsync("lost");
        await DeleteAsync("/nodes-known/good");
        await DeleteAsync("/nodes/good");
        await DeleteAsync("/nodes/lost");

        await Eventually.TrueAsync(() => feed.After(default, 100).Count == 4);
        var ends = feed.After(default, 100).Skip(2).Select(item => (item.Node, item.Kind));
        Assert.Equal([("good", EventKinds.NodeLeft), ("lost", EventKinds.NodeDown)], ends);
    }

    [Fact]
    public async Task A_place_that_is_not_kept_any_more_is_answered_with_a_gap_and_all_that_is_kept()
    {
        var feed = Follow(eventsMax: 10);
        await PutAsync("/tenants-uncopied/t0", EventKinds.TenantCreated);
        await Eventually.TrueAsync(() => feed.After(default, 1).Count == 1);
        var first = feed.After(default, 1)[0].Id;
        for (var number = 1; number <= 30; number++)
            await PutAsync($"/tenants-uncopied/t{number}", EventKinds.TenantCreated);

        await Eventually.TrueAsync(() => feed.After(default, 100) is [.., { Tenant: "t30" }]);
        var answer = feed.After(first, 100);
        Assert.Equal(EventKinds.FeedGap, answer[0].Kind);
        Assert.InRange(answer.Count, 2, 11);
        Assert.Equal(answer.Skip(1).Select(item => item.Id), feed.After(answer[0].Id, 100).Select(item => item.Id));
        var other = feed.After(new EventId(long.MaxValue / 2, 0), 100);
        Assert.Equal(EventKinds.FeedGap, other[0].Kind);
    }

    [Fact]
    public async Task The_office_and_notes_are_told_and_what_cannot_be_read_is_not()
    {
        var feed = Follow();
        var office = new CoordinatorDocument { Node = "cp1", Address = "http://cp1" };
        await PutAsync("/coordinator", JsonSerializer.Serialize(office, CoordinatorJson.Default.CoordinatorDocument));
        await PutAsync("/nodes/odd", "{");
        await PutAsync("/events/no.such.kind", "{}");
        await PutAsync("/events/" + EventKinds.SnapshotSaved, "nonsense");
        await new EventNotes(_store, TimeProvider.System, NullLogger<EventNotes>.Instance).TellAsync(
            EventKinds.SnapshotSaved, new EventNote { Reason = "on demand" }, CancellationToken.None);
        await DeleteAsync("/coordinator");

        await Eventually.TrueAsync(() => feed.After(default, 100).Count >= 3);
        Assert.Equal(
            [EventKinds.CoordinatorElected, EventKinds.SnapshotSaved, EventKinds.CoordinatorEnded],
            feed.After(default, 100).Select(item => item.Kind));
        Assert.Equal("cp1", feed.After(default, 1)[0].Node);
        Assert.Equal("on demand", feed.After(default, 2)[1].Reason);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running);
        await _store.DisposeAsync();
        _folder.Dispose();
        _stopping.Dispose();
    }

    private EventFeed Follow(int eventsMax = 1000)
    {
        var feed = new EventFeed(_store, eventsMax, TimeProvider.System, NullLogger<EventFeed>.Instance);
        _running.Add(feed.RunAsync(_stopping.Token));
        return feed;
    }

    private Task<StoreCommit> BeatAsync(string id, params string[] problems) => PutAsync("/nodes/" + id, JsonSerializer.Serialize(
        new NodeDocument { Id = id, Instance = "i", Folder = "f", Address = "http://n", Problems = problems },
        MembershipJson.Default.NodeDocument));

    private Task<StoreCommit> PutRouteAsync(string tenant, string node, string? from) => PutAsync(
        "/routes/" + tenant,
        JsonSerializer.Serialize(
            new ShardRouteDocument { Node = node, From = from, Reason = "moved" },
            MembershipJson.Default.ShardRouteDocument));

    private Task<StoreCommit> PutAsync(string key, string value) => _store.CommitAsync(
        new() { Operations = [StoreOperation.Put(key, System.Text.Encoding.UTF8.GetBytes(value))] },
        CancellationToken.None);

    private Task<StoreCommit> DeleteAsync(string key) => _store.CommitAsync(
        new() { Operations = [StoreOperation.Delete(key)] }, CancellationToken.None);
}
