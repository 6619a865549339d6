namespace Platform.Replication.Shipping;

/// <summary>
/// Keeps checkpoints and readers of the WAL apart: any number of readers, or one checkpoint. Nobody waits: a reader
/// that is refused tries later, and so does a checkpoint.
/// </summary>
internal sealed class CheckpointGate
{
    private readonly Lock _lock = new();
    private int _readers;
    private bool _isCheckpointing;

    /// <summary>True when the WAL may be read until <see cref="ExitRead"/>.</summary>
    public bool TryEnterRead()
    {
        lock (_lock)
        {
            if (_isCheckpointing)
            {
                return false;
            }

            _readers++;
            return true;
        }
    }

    /// <summary>Ends a read.</summary>
    public void ExitRead()
    {
        lock (_lock)
        {
            _readers--;
        }
    }

    /// <summary>True when nobody reads; then nobody will until <see cref="EndCheckpoint"/>.</summary>
    public bool TryBeginCheckpoint()
    {
        lock (_lock)
        {
            if (_isCheckpointing || _readers > 0)
            {
                return false;
            }

            return _isCheckpointing = true;
        }
    }

    /// <summary>Ends a checkpoint.</summary>
    public void EndCheckpoint()
    {
        lock (_lock)
        {
            _isCheckpointing = false;
        }
    }
}
