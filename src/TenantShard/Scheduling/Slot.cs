using Platform.TenantShard.Database;

namespace Platform.TenantShard.Scheduling;

/// <summary>The right to run SQLite statements. One holder at a time; given back by dispose.</summary>
internal sealed class Slot : IDisposable
{
    private readonly SqliteSlots _slots;

    internal Slot(SqliteSlots slots, int index)
    {
        _slots = slots;
        Index = index;
    }

    internal int Index { get; }

    /// <summary>What the watchdog may interrupt; guarded by the gate of the slots.</summary>
    internal DatabaseConnection? Connection { get; set; }

    internal long Started { get; set; }

    /// <summary>When the turn began to run; unlike the deadline it is not put off. Null: it has not yet.</summary>
    internal long? Began { get; set; }

    /// <summary>True when the turn was interrupted because memory was short, not because it was late.</summary>
    public bool IsStoppedForMemory { get; internal set; }

    /// <summary>The shard that holds the slot; null while it is free.</summary>
    internal SlotQueue? Owner { get; set; }

    /// <summary>Starts the turn's deadline: from now on the connection may be interrupted until dispose.</summary>
    public void Run(DatabaseConnection connection) => _slots.Begin(this, connection);

    /// <summary>Ends the turn's deadline: the connection is not interrupted any more.</summary>
    public void Stop() => _slots.Stop(this);

    public void Dispose() => _slots.End(this);
}
