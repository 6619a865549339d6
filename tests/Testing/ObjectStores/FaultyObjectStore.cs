using System.Runtime.CompilerServices;
using Platform.Replication.ObjectStore;

namespace Platform.Testing.ObjectStores;

/// <summary>
/// Any store, with the faults that a network and a server can have: by a seeded schedule, by orders for the next
/// calls, by gates that hold calls, or as an outage. Without any it is the inner store, and counts. Orders come before
/// the schedule; an outage before both. The inner store is not disposed of.
/// </summary>
public sealed class FaultyObjectStore(IObjectStore inner, FaultSchedule? schedule = null) : IObjectStore
{
    private readonly Lock _gate = new();
    private readonly List<Order> _orders = [];
    private readonly List<ObjectGate> _gates = [];
    private readonly List<Func<Task>> _lateWrites = [];
    private volatile bool _isOut;

    /// <summary>True while every call fails with a transient fault, as when the network is gone.</summary>
    public bool IsOut
    {
        get => _isOut;
        set => _isOut = value;
    }

    /// <summary>What came in so far.</summary>
    public ObjectTraffic Traffic { get; } = new();

    /// <inheritdoc/>
    public ReplicaLayout Layout => inner.Layout;

    /// <inheritdoc/>
    public string Description => "faulty " + inner.Description;

    /// <summary>The next <paramref name="times"/> such calls (of such keys) meet the fault.</summary>
    public void FailNext(
        ObjectOperations operations, ObjectFault fault, int times = 1, Func<string, bool>? keys = null)
    {
        lock (_gate)
        {
            _orders.Add(new Order(operations, fault, keys ?? (static _ => true)) { Left = times });
        }
    }

    /// <summary>
    /// Holds such calls until the gate is opened: in front of the store, or behind it with the answer in hand.
    /// </summary>
    public ObjectGate Hold(
        ObjectOperations operations, Func<string, bool>? keys = null, bool isBehindTheStore = false)
    {
        var gate = new ObjectGate(
            (operation, key) => operations.HasFlag(operation) && keys?.Invoke(key) != false, isBehindTheStore);
        lock (_gate)
        {
            _gates.Add(gate);
        }

        return gate;
    }

    /// <summary>Lets the writes of <see cref="ObjectFault.ArriveLate"/> arrive, in their order; returns their number.</summary>
    public async Task<int> DeliverLateWritesAsync()
    {
        Func<Task>[] writes;
        lock (_gate)
        {
            writes = [.. _lateWrites];
            _lateWrites.Clear();
        }

        foreach (var write in writes)
        {
            await write();
        }

        return writes.Length;
    }

    /// <inheritdoc/>
    public Task<bool> CreateAsync(
        string key, ReadOnlyMemory<byte> content, DateTimeOffset timestamp, CancellationToken cancellationToken)
    {
        Traffic.CountWritten(content.Length);
        return CallAsync(
            ObjectOperations.Create,
            key,
            cancel => inner.CreateAsync(key, content, timestamp, cancel),
            () =>
            {
                var copy = content.ToArray();
                return () => inner.CreateAsync(key, copy, timestamp, CancellationToken.None);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Traffic.CountWritten(content.Length);
        return CallAsync(
            ObjectOperations.Put,
            key,
            async cancel =>
            {
                await inner.PutAsync(key, content, cancel);
                return true;
            },
            () =>
            {
                var copy = content.ToArray();
                return () => inner.PutAsync(key, copy, CancellationToken.None);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<byte[]?> GetAsync(string key, long bytesMax, CancellationToken cancellationToken)
    {
        var content = await CallAsync(
            ObjectOperations.Get, key, cancel => inner.GetAsync(key, bytesMax, cancel), null, cancellationToken);
        Traffic.CountRead(content?.Length ?? 0);
        return content;
    }

    /// <inheritdoc/>
    public async Task<Stream?> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        var stream = await CallAsync(
            ObjectOperations.OpenRead,
            key,
            cancel => inner.OpenReadAsync(key, offset, length, cancel),
            null,
            cancellationToken);
        return stream is null ? null : new CountedStream(stream, Traffic);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectEntry> ListAsync(
        string prefix, string? startAfter, CancellationToken cancellationToken) =>
        ListFaultyAsync(inner.ListAsync(prefix, startAfter, cancellationToken), prefix, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken) =>
        CallAsync(
            ObjectOperations.Delete,
            keys.FirstOrDefault() ?? "",
            async cancel =>
            {
                await inner.DeleteAsync(keys, cancel);
                return true;
            },
            () => () => inner.DeleteAsync(keys, CancellationToken.None),
            cancellationToken);

    private async IAsyncEnumerable<ObjectEntry> ListFaultyAsync(
        IAsyncEnumerable<ObjectEntry> entries,
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await CallAsync(ObjectOperations.List, prefix, _ => Task.FromResult(true), null, cancellationToken);
        await foreach (var entry in entries.WithCancellation(cancellationToken))
        {
            yield return _isOut ? throw Fault(ObjectOperations.List, prefix, isTransient: true) : entry;
        }
    }

    private async Task<TResult> CallAsync<TResult>(
        ObjectOperations operation,
        string key,
        Func<CancellationToken, Task<TResult>> call,
        Func<Func<Task>>? prepareLate,
        CancellationToken cancellationToken)
    {
        Traffic.CountRequest(operation);
        await PassGatesAsync(operation, key, isBehindTheStore: false, cancellationToken);
        var fault = Decide(operation, key);
        if (fault is ObjectFault.FailBefore or ObjectFault.ArriveLate or ObjectFault.Refuse)
        {
            if (fault == ObjectFault.ArriveLate && prepareLate is not null)
            {
                // With its own copy of the content: callers use their buffers again.
                var late = prepareLate();
                lock (_gate)
                {
                    _lateWrites.Add(late);
                }
            }

            throw Fault(operation, key, fault != ObjectFault.Refuse);
        }

        var answer = await call(cancellationToken);
        if (fault == ObjectFault.Duplicate)
        {
            (answer as IDisposable)?.Dispose();
            answer = await call(cancellationToken);
        }

        await PassGatesAsync(operation, key, isBehindTheStore: true, cancellationToken);
        if (fault == ObjectFault.LoseAnswer)
        {
            (answer as IDisposable)?.Dispose();
            throw Fault(operation, key, isTransient: true);
        }

        return answer;
    }

    private async Task PassGatesAsync(
        ObjectOperations operation, string key, bool isBehindTheStore, CancellationToken cancellationToken)
    {
        ObjectGate[] gates;
        lock (_gate)
        {
            gates = [.. _gates.Where(gate => gate.IsBehindTheStore == isBehindTheStore)];
        }

        foreach (var gate in gates)
        {
            await gate.PassAsync(operation, key, cancellationToken);
        }
    }

    private ObjectFault Decide(ObjectOperations operation, string key)
    {
        if (_isOut)
        {
            return ObjectFault.FailBefore;
        }

        lock (_gate)
        {
            var order = _orders.Find(order => order.Operations.HasFlag(operation) && order.Keys(key));
            if (order is not null)
            {
                if (--order.Left == 0)
                {
                    _orders.Remove(order);
                }

                return order.Fault;
            }
        }

        return schedule?.Next(operation) ?? ObjectFault.None;
    }

    private static ObjectStoreException Fault(ObjectOperations operation, string key, bool isTransient) =>
        new(operation.ToString().ToLowerInvariant(), key, isTransient, "A fault of the test.");

    private sealed class Order(ObjectOperations operations, ObjectFault fault, Func<string, bool> keys)
    {
        public ObjectOperations Operations { get; } = operations;

        public ObjectFault Fault { get; } = fault;

        public Func<string, bool> Keys { get; } = keys;

        public int Left { get; set; }
    }
}
