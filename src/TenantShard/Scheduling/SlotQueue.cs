namespace Platform.TenantShard.Scheduling;

/// <summary>One shard's place in the ring of <see cref="SqliteSlots"/>, which alone changes it, under its gate.</summary>
internal sealed class SlotQueue
{
    private long _busyTicks;

    /// <summary>How long its turns have run so far, all together. For everybody, at any time.</summary>
    public TimeSpan Busy => TimeSpan.FromTicks(Volatile.Read(ref _busyTicks));

    internal Queue<TaskCompletionSource<Slot>> Waiters { get; } = new();

    /// <summary>Slots that the shard holds.</summary>
    internal int Running { get; set; }

    internal void Ran(TimeSpan time) => Volatile.Write(ref _busyTicks, _busyTicks + time.Ticks);
}
