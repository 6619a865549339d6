using System.Diagnostics;
using System.Text;
using Platform.Cluster.Store;
using Platform.Cluster.Store.Etcd;
using Platform.Testing;

namespace Platform.Cluster.Tests.Store.Etcd;

/// <summary>Members that die, freeze and come back, under a store that is in use.</summary>
public sealed class EtcdOutageTests(EtcdFixture fixture) : IClassFixture<EtcdFixture>, IAsyncLifetime
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(60));
    private readonly string _prefix = $"/outage-{Guid.NewGuid():N}/";
    private EtcdStore _store = null!;

    private CancellationToken Timeout => _timeout.Token;

    public async Task InitializeAsync() => _store = await EtcdFixture.OpenAsync(EtcdFixture.Settings(fixture.Cluster));

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await fixture.HealAsync();
        _timeout.Dispose();
    }

    [Fact]
    public async Task Losing_the_leader_loses_no_counted_write_and_no_event()
    {
        var first = await PutAsync("count", "0");
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(Timeout);
        var watch = CollectAsync("count", first + 1, until: "120", watching.Token);
        var counting = CountAsync("count", 120);
        await Eventually.TrueAsync(async () => int.Parse(await TextAsync("count")) >= 20);
        await fixture.Cluster.KillAsync(await fixture.Cluster.FindLeaderAsync());
        await counting;
        Assert.Equal("120", await TextAsync("count"));
        Assert.Equal(Enumerable.Range(1, 120).Select(number => $"{number}"), await watch);
    }

    [Fact]
    public async Task A_lease_that_is_renewed_survives_the_loss_of_the_leader()
    {
        var lease = await _store.GrantLeaseAsync(TimeSpan.FromSeconds(3), Timeout);
        await _store.CommitAsync(
            new() { Operations = [StoreOperation.Put(_prefix + "leased", default, lease.Id)] }, Timeout);
        await fixture.Cluster.KillAsync(await fixture.Cluster.FindLeaderAsync());
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(4))
        {
            await _store.RenewLeaseAsync(lease.Id, Timeout);
            await Task.Delay(TimeSpan.FromMilliseconds(300), Timeout);
        }

        Assert.NotNull(await _store.GetAsync(_prefix + "leased", Timeout));
    }

    [Fact]
    public async Task Without_a_majority_calls_end_with_the_deadline_and_work_again_afterwards()
    {
        await PutAsync("a", "1");
        var settings = EtcdFixture.Settings(fixture.Cluster) with { Deadline = TimeSpan.FromSeconds(3) };
        await using var store = await EtcdFixture.OpenAsync(settings);
        await fixture.Cluster.KillAsync(1);
        await fixture.Cluster.KillAsync(2);
        var started = Stopwatch.GetTimestamp();
        await Assert.ThrowsAsync<ClusterStoreException>(() => store.GetAsync(_prefix + "a", Timeout));
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(2.9), TimeSpan.FromSeconds(6));
        await Assert.ThrowsAsync<ClusterStoreException>(
            () => store.GrantLeaseAsync(TimeSpan.FromSeconds(5), Timeout));
        await fixture.Cluster.RestartAsync(1);
        await fixture.Cluster.RestartAsync(2);
        Assert.Equal("1", Encoding.UTF8.GetString((await store.GetAsync(_prefix + "a", Timeout))!.Value.Span));
    }

    [Fact]
    public async Task A_watch_says_so_when_there_is_no_majority()
    {
        var settings = EtcdFixture.Settings(fixture.Cluster) with { Deadline = TimeSpan.FromSeconds(2) };
        await using var store = await EtcdFixture.OpenAsync(settings);
        var revision = await PutAsync("a", "1");
        await using var watch = store.WatchAsync(_prefix, revision, Timeout).GetAsyncEnumerator(Timeout);
        Assert.True(await watch.MoveNextAsync());
        await fixture.Cluster.KillAsync(1);
        await fixture.Cluster.KillAsync(2);
        await Assert.ThrowsAsync<ClusterStoreException>(async () => await watch.MoveNextAsync());
    }

    [Fact]
    public async Task A_frozen_member_costs_a_try_and_no_event()
    {
        var settings = EtcdFixture.Settings(fixture.Cluster);
        var follower = await fixture.Cluster.FindLeaderAsync() % 3;

        // Only the frozen one and another are known, so that the store certainly uses the frozen one.
        await using var store = await EtcdFixture.OpenAsync(
            settings with { Endpoints = [settings.Endpoints[follower], settings.Endpoints[(follower + 1) % 3]] });
        var first = await PutAsync("frozen", "0");
        var watch = CollectAsync(store, "frozen", first + 1, until: "40", Timeout);
        await fixture.Cluster.PauseAsync(follower + 1);
        for (var number = 1; number <= 40; number++)
        {
            var entry = (await store.GetAsync(_prefix + "frozen", Timeout))!;
            Assert.True((await store.CommitAsync(Step("frozen", entry, number), Timeout)).Succeeded);
        }

        Assert.Equal(Enumerable.Range(1, 40).Select(number => $"{number}"), await watch);
        await fixture.Cluster.ResumeAsync(follower + 1);
    }

    [Fact]
    public async Task A_watch_that_was_cut_off_while_its_past_was_forgotten_says_so()
    {
        var first = await PutAsync("gone", "0");
        var last = await PutAsync("gone", "1");
        await fixture.Cluster.ControlAsync("compaction", $"{last}");
        await using var watch = _store.WatchAsync(_prefix, first, Timeout).GetAsyncEnumerator(Timeout);
        var error = await Assert.ThrowsAsync<StoreCompactedException>(async () => await watch.MoveNextAsync());
        Assert.Equal(last - 1, error.CompactedRevision);
        await using var again = _store.WatchAsync(_prefix, last, Timeout).GetAsyncEnumerator(Timeout);
        Assert.True(await again.MoveNextAsync());
        Assert.Equal(last, again.Current.Revision);
    }

    [Fact]
    public async Task A_revision_larger_than_a_message_comes_in_one_piece()
    {
        var lease = await _store.GrantLeaseAsync(TimeSpan.FromSeconds(60), Timeout);
        var name = new string('n', 400);
        for (var page = 0; page < 50; page++)
            await _store.CommitAsync(
                new()
                {
                    Operations = [.. Enumerable.Range(0, 128).Select(number =>
                        StoreOperation.Put($"{_prefix}{page}-{number}-{name}", default, lease.Id))],
                },
                Timeout);
        var revision = (await _store.ListAsync(_prefix, null, 1, Timeout)).Revision;
        await _store.RevokeLeaseAsync(lease.Id, Timeout);
        await using var watch = _store.WatchAsync(_prefix, revision + 1, Timeout).GetAsyncEnumerator(Timeout);
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(6400, watch.Current.Changes.Count);
        Assert.All(watch.Current.Changes, change => Assert.Null(change.Entry));
    }

    /// <summary>Each step is guarded by the step before: a step that was made twice or lost would show.</summary>
    private async Task CountAsync(string name, int until)
    {
        while (await _store.GetAsync(_prefix + name, Timeout) is { } entry)
        {
            var present = int.Parse(Encoding.UTF8.GetString(entry.Value.Span));
            if (present == until) return;
            try
            {
                await _store.CommitAsync(Step(name, entry, present + 1), Timeout);
            }
            catch (ClusterStoreException)
            {
                // In doubt: the next turn reads what holds.
            }
        }
    }

    private StoreTransaction Step(string name, StoreEntry present, int next) => new()
    {
        Compares = [StoreCompare.Unchanged(_prefix + name, present.ModRevision)],
        Operations = [StoreOperation.Put(_prefix + name, Encoding.UTF8.GetBytes($"{next}"))],
    };

    private Task<List<string>> CollectAsync(string name, long from, string until, CancellationToken stop) =>
        CollectAsync(_store, name, from, until, stop);

    private async Task<List<string>> CollectAsync(
        EtcdStore store, string name, long from, string until, CancellationToken stop)
    {
        var seen = new List<string>();
        await foreach (var changes in store.WatchAsync(_prefix + name, from, stop))
        {
            seen.Add(Encoding.UTF8.GetString(changes.Changes.Single().Entry!.Value.Span));
            if (seen[^1] == until) break;
        }

        return seen;
    }

    private async Task<long> PutAsync(string name, string value) => (await _store.CommitAsync(
        new() { Operations = [StoreOperation.Put(_prefix + name, Encoding.UTF8.GetBytes(value))] }, Timeout)).Revision;

    private async Task<string> TextAsync(string name) =>
        Encoding.UTF8.GetString((await _store.GetAsync(_prefix + name, Timeout))!.Value.Span);
}
