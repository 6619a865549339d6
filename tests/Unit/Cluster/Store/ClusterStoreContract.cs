using System.Text;
using Platform.Cluster.Store;

namespace Platform.Cluster.Tests.Store;

/// <summary>
/// What every <see cref="IClusterStore"/> must do; each adapter has a subclass that runs it against its real store.
/// A store may hold other data: each test uses a prefix of its own.
/// </summary>
public abstract class ClusterStoreContract : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _timeout = new(Patience);
    private readonly string _prefix = $"/test-{Guid.NewGuid():N}/";

    /// <summary>Set by <see cref="InitializeAsync"/>; object because the port is internal to the product.</summary>
    private IClusterStore Store { get; set; } = null!;

    private CancellationToken Timeout => _timeout.Token;

    public async Task InitializeAsync() => Store = (IClusterStore)await OpenAsync();

    public async Task DisposeAsync()
    {
        await Store.DisposeAsync();
        await CloseAsync();
        _timeout.Dispose();
    }

    /// <summary>Opens a store that keeps at least 100 and at most 1000 revisions of history.</summary>
    protected abstract Task<object> OpenAsync();

    protected abstract Task CloseAsync();

    /// <summary>Makes the store forget its history up to now, by whatever means it has.</summary>
    protected abstract Task CompactAsync(object store, string prefix);

    [Fact]
    public async Task A_key_that_was_never_put_is_null() => Assert.Null(await Store.GetAsync(Key("none"), Timeout));

    [Fact]
    public async Task A_put_is_read_back_with_its_revisions()
    {
        var first = await PutAsync("a", "one");
        var second = await PutAsync("a", "two");
        Assert.True(second > first);
        var entry = await Store.GetAsync(Key("a"), Timeout);
        Assert.Equal("two", Text(entry));
        Assert.Equal(first, entry!.CreateRevision);
        Assert.Equal(second, entry.ModRevision);
        Assert.Equal(0, entry.LeaseId);
    }

    [Fact]
    public async Task An_empty_value_is_a_value()
    {
        await PutAsync("a", "");
        Assert.Equal("", Text(await Store.GetAsync(Key("a"), Timeout)));
    }

    [Fact]
    public async Task Any_bytes_come_back()
    {
        var bytes = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();
        await Store.CommitAsync(new() { Operations = [StoreOperation.Put(Key("a"), bytes)] }, Timeout);
        Assert.Equal(bytes, (await Store.GetAsync(Key("a"), Timeout))!.Value.ToArray());
    }

    [Fact]
    public async Task A_deleted_key_is_gone_and_is_new_when_it_is_put_again()
    {
        var first = await PutAsync("a", "one");
        Assert.True((await DeleteAsync("a")).Succeeded);
        Assert.Null(await Store.GetAsync(Key("a"), Timeout));
        var second = await PutAsync("a", "two");
        var entry = await Store.GetAsync(Key("a"), Timeout);
        Assert.Equal(second, entry!.CreateRevision);
        Assert.NotEqual(first, entry.CreateRevision);
    }

    [Fact]
    public async Task Deleting_what_is_not_there_succeeds() => Assert.True((await DeleteAsync("none")).Succeeded);

    [Fact]
    public async Task A_listing_is_ordered_paged_and_stays_within_its_prefix()
    {
        foreach (var name in new[] { "b/2", "b/10", "a", "b/1", "b0", "c", "b/1-x" }) await PutAsync(name, name);
        var first = await Store.ListAsync(Key("b/"), null, 2, Timeout);
        Assert.Equal([Key("b/1"), Key("b/1-x")], first.Entries.Select(entry => entry.Key));
        Assert.True(first.HasMore);
        var second = await Store.ListAsync(Key("b/"), first.Entries[^1].Key, 2, Timeout);
        Assert.Equal([Key("b/10"), Key("b/2")], second.Entries.Select(entry => entry.Key));
        Assert.False(second.HasMore);
        Assert.Empty((await Store.ListAsync(Key("b/"), Key("b/2"), 2, Timeout)).Entries);
        Assert.Empty((await Store.ListAsync(Key("none/"), null, 2, Timeout)).Entries);
    }

    [Fact]
    public async Task A_listing_tells_its_revision()
    {
        var revision = await PutAsync("a", "one");
        Assert.True((await Store.ListAsync(_prefix, null, 10, Timeout)).Revision >= revision);
    }

    [Fact]
    public async Task A_transaction_changes_all_keys_in_one_revision()
    {
        await PutAsync("gone", "x");
        var commit = await Store.CommitAsync(
            new() { Operations = [Putting("a", "1"), Putting("b", "2"), StoreOperation.Delete(Key("gone"))] }, Timeout);
        Assert.True(commit.Succeeded);
        Assert.Equal(commit.Revision, (await Store.GetAsync(Key("a"), Timeout))!.ModRevision);
        Assert.Equal(commit.Revision, (await Store.GetAsync(Key("b"), Timeout))!.ModRevision);
        Assert.Null(await Store.GetAsync(Key("gone"), Timeout));
    }

    [Fact]
    public async Task A_transaction_whose_comparison_fails_changes_nothing()
    {
        var revision = await PutAsync("a", "one");
        var commit = await Store.CommitAsync(
            new()
            {
                Compares = [StoreCompare.Unchanged(Key("a"), revision), StoreCompare.Absent(Key("a"))],
                Operations = [Putting("a", "two"), Putting("b", "two")],
            },
            Timeout);
        Assert.False(commit.Succeeded);
        Assert.Equal("one", Text(await Store.GetAsync(Key("a"), Timeout)));
        Assert.Null(await Store.GetAsync(Key("b"), Timeout));
    }

    [Fact]
    public async Task Comparisons_hold_for_absent_unchanged_and_created()
    {
        Assert.True(await IfAsync(StoreCompare.Absent(Key("a"))));
        var created = await PutAsync("a", "one");
        Assert.False(await IfAsync(StoreCompare.Absent(Key("a"))));
        Assert.True(await IfAsync(StoreCompare.Unchanged(Key("a"), created)));
        Assert.True(await IfAsync(StoreCompare.CreatedAt(Key("a"), created)));
        var changed = await PutAsync("a", "two");
        Assert.False(await IfAsync(StoreCompare.Unchanged(Key("a"), created)));
        Assert.True(await IfAsync(StoreCompare.Unchanged(Key("a"), changed)));
        Assert.True(await IfAsync(StoreCompare.CreatedAt(Key("a"), created)));
        await DeleteAsync("a");
        Assert.False(await IfAsync(StoreCompare.CreatedAt(Key("a"), created)));
        Assert.True(await IfAsync(StoreCompare.Unchanged(Key("a"), 0)));
        Assert.True(await IfAsync(StoreCompare.Absent(Key("a"))));
    }

    [Fact]
    public async Task Of_many_that_create_one_key_exactly_one_wins()
    {
        var attempts = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => Store.CommitAsync(
            new() { Compares = [StoreCompare.Absent(Key("a"))], Operations = [Putting("a", $"{number}")] }, Timeout)));
        Assert.Single(attempts, attempt => attempt.Succeeded);
    }

    [Fact]
    public async Task Counting_up_from_many_tasks_loses_nothing()
    {
        await PutAsync("a", "0");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var done = 0; done < 10;)
            {
                var entry = (await Store.GetAsync(Key("a"), Timeout))!;
                var commit = await Store.CommitAsync(
                    new()
                    {
                        Compares = [StoreCompare.Unchanged(Key("a"), entry.ModRevision)],
                        Operations = [Putting("a", $"{int.Parse(Text(entry)!) + 1}")],
                    },
                    Timeout);
                if (commit.Succeeded) done++;
            }
        }));
        Assert.Equal("80", Text(await Store.GetAsync(Key("a"), Timeout)));
    }

    [Fact]
    public async Task A_transaction_holds_128_operations_and_no_more()
    {
        StoreOperation[] Puts(int count) => [.. Enumerable.Range(0, count).Select(number => Putting($"{number}", "x"))];
        Assert.True((await Store.CommitAsync(new() { Operations = Puts(128) }, Timeout)).Succeeded);
        await Assert.ThrowsAsync<ArgumentException>(() => Store.CommitAsync(new() { Operations = Puts(129) }, Timeout));
    }

    [Fact]
    public async Task Keys_and_values_that_break_the_limits_are_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.GetAsync("no-slash", Timeout));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.GetAsync("/with blank", Timeout));
        await Assert.ThrowsAsync<ArgumentException>(() => PutAsync(new string('x', StoreLimits.KeyLengthMax), "x"));
        await Assert.ThrowsAsync<ArgumentException>(() => PutAsync("a", new string('x', StoreLimits.ValueBytesMax + 1)));
        await Assert.ThrowsAsync<ArgumentException>(
            () => Store.CommitAsync(new() { Operations = [Putting("a", "1"), Putting("a", "2")] }, Timeout));
        await PutAsync("a", new string('x', StoreLimits.ValueBytesMax));
    }

    [Fact]
    public async Task A_watch_tells_puts_and_deletes_in_order_and_only_of_its_prefix()
    {
        var start = (await Store.ListAsync(_prefix, null, 1, Timeout)).Revision + 1;
        await using var watch = Watch("w/", start);
        var first = await PutAsync("w/a", "1");
        await PutAsync("other", "x");
        await PutAsync("w/a", "2");
        await DeleteAsync("w/a");
        Assert.Equal([$"{Key("w/a")}=1"], await NextAsync(watch));
        Assert.Equal(first, watch.Current.Revision);
        Assert.Equal(first, watch.Current.Changes[0].Entry!.CreateRevision);
        Assert.Equal([$"{Key("w/a")}=2"], await NextAsync(watch));
        Assert.Equal(first, watch.Current.Changes[0].Entry!.CreateRevision);
        Assert.Equal([$"{Key("w/a")} deleted"], await NextAsync(watch));
    }

    [Fact]
    public async Task A_watch_keeps_the_changes_of_one_revision_together()
    {
        var commit = await Store.CommitAsync(new() { Operations = [Putting("w/b", "1"), Putting("x", "1"), Putting("w/a", "1")] }, Timeout);
        await using var watch = Watch("w/", commit.Revision);
        Assert.Equal([$"{Key("w/a")}=1", $"{Key("w/b")}=1"], (await NextAsync(watch)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_watch_from_the_past_catches_up_and_goes_on()
    {
        var first = await PutAsync("w/0", "0");
        for (var number = 1; number < 40; number++) await PutAsync($"w/{number}", $"{number}");
        await using var watch = Watch("w/", first);
        for (var number = 0; number < 40; number++)
            Assert.Equal([$"{Key($"w/{number}")}={number}"], await NextAsync(watch));
        await PutAsync("w/last", "x");
        Assert.Equal([$"{Key("w/last")}=x"], await NextAsync(watch));
    }

    [Fact]
    public async Task A_watch_from_the_future_waits_for_it()
    {
        var now = await PutAsync("w/now", "1");
        await using var watch = Watch("w/", now + 2);
        var next = NextAsync(watch);
        await PutAsync("w/next", "2");
        await PutAsync("w/after", "3");
        Assert.Equal([$"{Key("w/after")}=3"], await next);
    }

    [Fact]
    public async Task A_watch_that_is_read_slowly_loses_nothing()
    {
        var start = await PutAsync("w/start", "x");
        await using var watch = Watch("w/", start + 1);
        var waiting = NextAsync(watch);
        for (var round = 0; round < 6; round++)
            await Task.WhenAll(Enumerable.Range(0, 100).Select(number => PutAsync($"w/{number}", $"{round}")));
        var seen = new List<string>(await waiting);
        while (seen.Count < 600) seen.AddRange(await NextAsync(watch));
        for (var number = 0; number < 100; number++)
            Assert.Equal(6, seen.Count(line => line.StartsWith($"{Key($"w/{number}")}=", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_watch_ends_when_it_is_cancelled()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Timeout);
        var watch = Store.WatchAsync(_prefix, long.MaxValue / 2, cancel.Token).GetAsyncEnumerator(cancel.Token);
        var next = watch.MoveNextAsync().AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task A_watch_of_what_was_forgotten_says_so()
    {
        var old = await PutAsync("w/a", "1");
        await CompactAsync(Store, _prefix);
        await using var watch = Watch("w/", old);
        var error = await Assert.ThrowsAsync<StoreCompactedException>(() => NextAsync(watch));
        Assert.True(error.CompactedRevision >= old);
    }

    [Fact]
    public async Task Keys_of_a_lease_go_together_when_it_is_revoked()
    {
        var lease = await Store.GrantLeaseAsync(TimeSpan.FromSeconds(60), Timeout);
        Assert.NotEqual(0, lease.Id);
        var commit = await Store.CommitAsync(
            new() { Operations = [Putting("w/a", "1", lease.Id), Putting("w/b", "2", lease.Id), Putting("w/c", "3")] }, Timeout);
        Assert.Equal(lease.Id, (await Store.GetAsync(Key("w/a"), Timeout))!.LeaseId);
        await using var watch = Watch("w/", commit.Revision + 1);
        await Store.RevokeLeaseAsync(lease.Id, Timeout);
        Assert.Equal(
            [$"{Key("w/a")} deleted", $"{Key("w/b")} deleted"], (await NextAsync(watch)).Order(StringComparer.Ordinal));
        Assert.NotNull(await Store.GetAsync(Key("w/c"), Timeout));
        await Store.RevokeLeaseAsync(lease.Id, Timeout);
    }

    [Fact]
    public async Task A_put_without_the_lease_takes_the_key_out_of_it()
    {
        var lease = await Store.GrantLeaseAsync(TimeSpan.FromSeconds(60), Timeout);
        await Store.CommitAsync(new() { Operations = [Putting("a", "1", lease.Id)] }, Timeout);
        await PutAsync("a", "2");
        await Store.RevokeLeaseAsync(lease.Id, Timeout);
        Assert.Equal("2", Text(await Store.GetAsync(Key("a"), Timeout)));
    }

    [Fact]
    public async Task A_lease_that_is_renewed_lives_and_one_that_is_not_ends()
    {
        var kept = await Store.GrantLeaseAsync(TimeSpan.FromSeconds(2), Timeout);
        var lost = await Store.GrantLeaseAsync(TimeSpan.FromSeconds(2), Timeout);
        var commit = await Store.CommitAsync(
            new() { Operations = [Putting("w/kept", "1", kept.Id), Putting("w/lost", "1", lost.Id)] }, Timeout);
        await using var watch = Watch("w/", commit.Revision + 1);
        var next = NextAsync(watch);
        while (!next.IsCompleted)
        {
            await Store.RenewLeaseAsync(kept.Id, Timeout);
            await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(200), Timeout));
        }

        Assert.Equal([$"{Key("w/lost")} deleted"], await next);
        Assert.NotNull(await Store.GetAsync(Key("w/kept"), Timeout));
        var error = await Assert.ThrowsAsync<StoreLeaseNotFoundException>(() => Store.RenewLeaseAsync(lost.Id, Timeout));
        Assert.Equal(lost.Id, error.LeaseId);
    }

    [Fact]
    public async Task A_put_with_a_lease_that_ended_changes_nothing()
    {
        await Assert.ThrowsAsync<StoreLeaseNotFoundException>(() => Store.CommitAsync(
            new() { Operations = [Putting("a", "1"), Putting("b", "2", 987_654_321)] }, Timeout));
        Assert.Null(await Store.GetAsync(Key("a"), Timeout));
    }

    private string Key(string name) => _prefix + name;

    private StoreOperation Putting(string name, string value, long lease = 0) =>
        StoreOperation.Put(Key(name), Encoding.UTF8.GetBytes(value), lease);

    private async Task<long> PutAsync(string name, string value)
    {
        var commit = await Store.CommitAsync(new() { Operations = [Putting(name, value)] }, Timeout);
        Assert.True(commit.Succeeded);
        return commit.Revision;
    }

    private Task<StoreCommit> DeleteAsync(string name) =>
        Store.CommitAsync(new() { Operations = [StoreOperation.Delete(Key(name))] }, Timeout);

    private async Task<bool> IfAsync(StoreCompare compare) =>
        (await Store.CommitAsync(new() { Compares = [compare] }, Timeout)).Succeeded;

    private IAsyncEnumerator<StoreChanges> Watch(string name, long from) =>
        Store.WatchAsync(Key(name), from, Timeout).GetAsyncEnumerator(Timeout);

    private static async Task<List<string>> NextAsync(IAsyncEnumerator<StoreChanges> watch)
    {
        Assert.True(await watch.MoveNextAsync());
        return [.. watch.Current.Changes.Select(change =>
            change.Entry is { } entry ? $"{change.Key}={Text(entry)}" : $"{change.Key} deleted")];
    }

    private static string? Text(StoreEntry? entry) => entry is null ? null : Encoding.UTF8.GetString(entry.Value.Span);
}
