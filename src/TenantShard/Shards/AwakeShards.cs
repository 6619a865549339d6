namespace Platform.TenantShard.Shards;

/// <summary>
/// About how many shards of the node hold files open: counted now and then, with each that has opened them since added.
/// </summary>
/// <param name="max">How many should, at most.</param>
internal sealed class AwakeShards(int max)
{
    private int _count;

    public int Max { get; } = max;

    public int Count => Volatile.Read(ref _count);

    /// <summary>True when some should rest.</summary>
    public bool IsFull => Count >= Max;

    /// <summary>One more holds files.</summary>
    public void Opened() => Interlocked.Increment(ref _count);

    /// <summary>They were counted.</summary>
    public void Counted(int count) => Volatile.Write(ref _count, count);
}
