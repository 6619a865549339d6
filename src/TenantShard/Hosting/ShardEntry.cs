using System.Collections.Concurrent;
using Platform.Messages.Identity;
using Platform.TenantShard.Http;
using Platform.TenantShard.Logs;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Hosting;

/// <summary>One tenant's place in the host: its single activation, the open shard, and its end.</summary>
/// <param name="tenant">The tenant.</param>
/// <param name="isHeld">True when the place only keeps the tenant closed while something else is done to it.</param>
internal sealed class ShardEntry(TenantId tenant, bool isHeld = false)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _shipped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<Shard>? _opening;
    private Task? _closing;
    private volatile Shard? _opened;

    public TenantId Tenant { get; } = tenant;

    public bool IsHeld { get; } = isHeld;

    /// <summary>The shard once it is open; also while it closes.</summary>
    public Shard? Opened => _opened;

    /// <summary>What the tenant API keeps with an activation; set once the shard is open.</summary>
    public ShardFeature? Feature { get; private set; }

    /// <summary>Completes when the entry has left the host; the next request makes a new one.</summary>
    public Task Closed => _closed.Task;

    /// <summary>
    /// While the shard closes, completes as soon as nothing can be written to it any more: true when object storage has
    /// all of it. The files are closed after that.
    /// </summary>
    public Task<bool> Shipped => _shipped.Task;

    /// <summary>True while an activation or a close is under way.</summary>
    public bool IsBusy => _opened is null || _closing is not null;

    /// <summary>Starts the activation, once; all callers wait for the same one.</summary>
    public Task<Shard> OpenAsync(Func<Task<Shard>> open)
    {
        lock (_gate)
        {
            return _opening ??= OpenOnceAsync(open);
        }
    }

    /// <summary>
    /// Closes the shard, once; an activation under way is waited for. The second argument of
    /// <paramref name="close"/> is the end of the activation's other work, before which its files must stay.
    /// </summary>
    public Task CloseAsync(Func<Shard, Task, Task> close)
    {
        lock (_gate)
        {
            return _closing ??= CloseOnceAsync(close);
        }
    }

    public void MarkShipped(bool isShipped) => _shipped.TrySetResult(isShipped);

    /// <summary>Makes room for the tenant's next entry, and tells who waits for that.</summary>
    public void LeaveFrom(ConcurrentDictionary<TenantId, ShardEntry> entries)
    {
        entries.TryRemove(new KeyValuePair<TenantId, ShardEntry>(Tenant, this));
        MarkShipped(false);
        _closed.TrySetResult();
    }

    private async Task<Shard> OpenOnceAsync(Func<Task<Shard>> open)
    {
        // Leaves the gate before anything long happens.
        await Task.Yield();
        var shard = await open();
        Feature = new ShardFeature(shard, shard.Descriptor.Quotas.RequestBodyBytesMax)
        {
            Files = shard.Files,
            Logs = shard.LogStorage is { } storage ? new TenantLogs(storage, shard.Clock) : null,
        };
        _opened = shard;
        return shard;
    }

    private async Task CloseOnceAsync(Func<Shard, Task, Task> close)
    {
        await Task.Yield();
        Task<Shard>? opening;
        lock (_gate)
        {
            opening = _opening;
        }

        if (opening is null) return;
        var shard = await opening;
        // First the clients that wait for events: they hold no use of the shard, and must not outlive it.
        if (Feature is { } feature) await feature.Realtime.DisposeAsync();
        await close(shard, Feature?.CloseLogsAsync() ?? Task.CompletedTask);
    }
}
