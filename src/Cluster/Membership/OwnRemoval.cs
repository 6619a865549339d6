namespace Platform.Cluster.Membership;

/// <summary>
/// News of this node's own entry: others may remove it while this process lives and has its lease, because they take it
/// for dead.
/// </summary>
internal sealed class OwnRemoval(TimeProvider time)
{
    /// <summary>Should news be missed, this is how long it costs.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly ChangeSignal _heard = new();

    /// <summary>The newest revision at which the entry was removed, as far as was heard.</summary>
    private long _removedAt;

    /// <summary>Called by one task.</summary>
    public void Hear(long revision)
    {
        Volatile.Write(ref _removedAt, Math.Max(revision, Volatile.Read(ref _removedAt)));
        _heard.Raise();
    }

    /// <summary>True when an entry that was made at <paramref name="joined"/> is gone.</summary>
    public bool IsAfter(long joined) => Volatile.Read(ref _removedAt) > joined;

    /// <summary>Returns when such an entry is gone (true), or when it is stopped.</summary>
    public async Task<bool> UntilAfterAsync(long joined, CancellationToken stopping)
    {
        try
        {
            while (!IsAfter(joined)) await _heard.WaitAsync(LookInterval, time, stopping);
            return true;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
    }
}
