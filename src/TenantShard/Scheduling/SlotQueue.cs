namespace Platform.TenantShard.Scheduling;

/// <summary>One shard's place in the ring of <see cref="SqliteSlots"/>, which alone touches it, under its gate.</summary>
internal sealed class SlotQueue
{
    internal Queue<TaskCompletionSource<Slot>> Waiters { get; } = new();

    /// <summary>Slots that the shard holds.</summary>
    internal int Running { get; set; }
}
