namespace Platform.Replication.Shipping;

/// <summary>
/// Brings the file that is to be stored next to the store. A large one may take longer than a caller waits: its upload
/// goes on when the caller has given up, and the next call waits for the same one. Calls follow each other.
/// </summary>
internal sealed class PendingUpload(DatabaseReplicaOptions options) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task<bool>? _large;

    /// <summary>True when it is stored; false when its name holds other content.</summary>
    /// <exception cref="ObjectStore.ObjectStoreException">Not stored, as far as is known.</exception>
    public async Task<bool> StoreAsync(PendingFile pending, CancellationToken cancellationToken)
    {
        var started = options.Time.GetTimestamp();
        var isStored = pending.Path is { } path
            ? await StoreLargeAsync(pending, path, cancellationToken)
            : await LtxUpload.StoreAsync(
                options.Store, pending.Key, pending.Content, pending.Timestamp, cancellationToken);
        if (isStored)
        {
            options.Metrics?.Shipped(pending.Bytes, options.Time.GetElapsedTime(started).TotalSeconds);
        }

        return isStored;
    }

    /// <summary>Stops an upload under way and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync();
        if (_large is { } upload)
        {
            await ((Task)upload).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _stopping.Dispose();
    }

    private async Task<bool> StoreLargeAsync(PendingFile pending, string path, CancellationToken cancellationToken)
    {
        var upload = _large ??= LtxUpload.StoreFileAsync(
            options.Store, pending.Key, path, pending.Timestamp, _stopping.Token);
        try
        {
            return await upload.WaitAsync(cancellationToken);
        }
        finally
        {
            if (upload.IsCompleted)
            {
                _large = null;
            }
        }
    }
}
