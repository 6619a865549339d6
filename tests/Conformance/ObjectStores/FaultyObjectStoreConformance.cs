using Platform.Replication.ObjectStore;
using Platform.Testing;
using Platform.Testing.ObjectStores;

namespace Platform.Conformance.Tests.ObjectStores;

/// <summary>Without faults it is a store like any other; with them it does what it was told, and no more.</summary>
public sealed class FaultyObjectStoreConformance : ObjectStoreConformance, IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly TempFolder _folder = new();
    private readonly FolderObjectStore _inner;
    private readonly FaultyObjectStore _store;

    public FaultyObjectStoreConformance()
    {
        _inner = new FolderObjectStore(_folder["objects"]);
        _store = new FaultyObjectStore(_inner);
    }

    protected override IObjectStore Store => _store;

    protected override IObjectStore OtherClient => _inner;

    [Theory]
    [InlineData(ObjectFault.FailBefore, true, false)]
    [InlineData(ObjectFault.Refuse, false, false)]
    [InlineData(ObjectFault.LoseAnswer, true, true)]
    [InlineData(ObjectFault.ArriveLate, true, false)]
    public async Task An_ordered_fault_hits_its_calls_once(ObjectFault fault, bool isTransient, bool isStored)
    {
        _store.FailNext(ObjectOperations.Create, fault, keys: key => key == "b");

        Assert.True(await CreateAsync("a"));
        var thrown = await Assert.ThrowsAsync<ObjectStoreException>(() => CreateAsync("b"));
        Assert.Equal(isTransient, thrown.IsTransient);
        Assert.Equal(isStored, await _inner.GetAsync("b", 100, None) is not null);
        Assert.Equal(!isStored, await CreateAsync("b"));
    }

    [Fact]
    public async Task A_duplicate_create_is_told_that_it_lost_to_itself()
    {
        _store.FailNext(ObjectOperations.Create, ObjectFault.Duplicate);

        Assert.False(await CreateAsync("a"));
        Assert.Equal("content of a", await TextAsync("a"));
    }

    [Fact]
    public async Task A_late_write_arrives_when_it_is_told_to_with_the_content_of_then()
    {
        _store.FailNext(ObjectOperations.Writes, ObjectFault.ArriveLate, times: 2);
        var buffer = Bytes("then");
        await Assert.ThrowsAsync<ObjectStoreException>(() => _store.CreateAsync("a", buffer, SomeTime, None));
        await Assert.ThrowsAsync<ObjectStoreException>(() => _store.PutAsync("b", buffer, None));
        buffer.AsSpan().Clear();

        Assert.Equal(2, await _store.DeliverLateWritesAsync());
        Assert.Equal("then", await TextAsync("a"));
        Assert.Equal("then", await TextAsync("b"));
        Assert.Equal(0, await _store.DeliverLateWritesAsync());
    }

    [Fact]
    public async Task An_outage_fails_everything_until_it_ends()
    {
        await CreateAsync("a");
        _store.IsOut = true;

        await Assert.ThrowsAsync<ObjectStoreException>(() => CreateAsync("b"));
        await Assert.ThrowsAsync<ObjectStoreException>(() => _store.GetAsync("a", 10, None));
        await Assert.ThrowsAsync<ObjectStoreException>(() => _store.DeleteAsync(["a"], None));
        await Assert.ThrowsAsync<ObjectStoreException>(() => ListAsync(""));

        _store.IsOut = false;
        Assert.Equal("content of a", await TextAsync("a"));
    }

    [Fact]
    public async Task A_gate_holds_calls_in_front_of_the_store_or_behind_it()
    {
        var front = _store.Hold(ObjectOperations.Create, key => key == "a");
        var behind = _store.Hold(ObjectOperations.Create, key => key == "b", isBehindTheStore: true);
        var first = CreateAsync("a");
        var second = CreateAsync("b");
        await front.ArrivalAsync(Soon);
        await behind.ArrivalAsync(Soon);

        Assert.Null(await _inner.GetAsync("a", 100, None));
        Assert.NotNull(await _inner.GetAsync("b", 100, None));
        Assert.False(first.IsCompleted || second.IsCompleted);

        front.Open();
        behind.Open();
        Assert.True(await first);
        Assert.True(await second);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_faults()
    {
        var first = await OutcomesAsync(seed: 7);
        Assert.Equal(first, await OutcomesAsync(seed: 7));
        Assert.NotEqual(first, await OutcomesAsync(seed: 8));
        Assert.Equal(["false", "fault", "true"], first.Distinct().Order());
    }

    [Fact]
    public async Task Requests_and_bytes_are_counted()
    {
        await _store.PutAsync("a", new byte[100], None);
        await CreateAsync("b");
        await _store.GetAsync("a", 1000, None);
        await using var stream = await _store.OpenReadAsync("a", 60, null, None);
        await stream!.CopyToAsync(Stream.Null, None);

        Assert.Equal(2, _store.Traffic.Requests(ObjectOperations.Writes));
        Assert.Equal(1, _store.Traffic.Requests(ObjectOperations.Get));
        Assert.Equal(112, _store.Traffic.BytesWritten);
        Assert.Equal(140, _store.Traffic.BytesRead);
    }

    public void Dispose()
    {
        _inner.Dispose();
        _folder.Dispose();
    }

    private async Task<List<string>> OutcomesAsync(int seed)
    {
        var faulty = new FaultyObjectStore(
            _inner, new FaultSchedule(seed) { FailBefore = 0.1, LoseAnswer = 0.1, Duplicate = 0.1, ArriveLate = 0.1 });
        List<string> outcomes = [];
        for (var number = 0; number < 100; number++)
        {
            try
            {
                var isNew = await faulty.CreateAsync($"seed/{number}", Bytes("x"), SomeTime, None);
                outcomes.Add(isNew ? "true" : "false");
            }
            catch (ObjectStoreException)
            {
                outcomes.Add("fault");
            }
        }

        List<string> keys = [.. (await ListAsync("seed/")).Select(entry => entry.Key)];
        await _inner.DeleteAsync(keys, None);
        return outcomes;
    }

    private Task<bool> CreateAsync(string key) => _store.CreateAsync(key, Bytes("content of " + key), SomeTime, None);
}
