using System.Collections.Concurrent;

namespace Platform.Replication.ObjectStore.Folder;

/// <summary>
/// A few threads of our own for blocking file calls, so that a disk which takes 10 ms for a sync holds up none of the
/// thread pool's few threads. They start when needed, up to a limit, and end with <see cref="Dispose"/>.
/// Handing over costs about 20 us, against 400 us and more for a durable write.
/// </summary>
internal sealed class FileThreads : TaskScheduler, IDisposable
{
    /// <summary>Enough for our shallow calls; the default of 8 MiB would only cost address space.</summary>
    private const int StackBytes = 256 * 1024;

    private readonly int _threadsMax;

#pragma warning disable CA2213 // Threads and callers may still be inside them; neither holds anything unmanaged.
    private readonly SemaphoreSlim _places;

    /// <summary>Bounded by <see cref="_places"/>: an item is queued only by a holder of a place.</summary>
    private readonly BlockingCollection<Task> _queue = [];
#pragma warning restore CA2213

    /// <summary>Started threads; written by whoever queues, with compare-and-swap.</summary>
    private int _threads;

    /// <summary>Queued and running items. More than threads means that one more thread is useful.</summary>
    private int _outstanding;

    public FileThreads(int threadsMax, int queuedMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threadsMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(queuedMax, 1);
        _threadsMax = threadsMax;
        _places = new SemaphoreSlim(queuedMax);
    }

    public override int MaximumConcurrencyLevel => _threadsMax;

    /// <summary>
    /// Runs a call on one of the threads. Cancellation counts until it starts; a started call runs to its end.
    /// </summary>
    public async Task<TResult> RunAsync<TResult>(Func<TResult> call, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_queue.IsAddingCompleted, this);
        await _places.WaitAsync(cancellationToken);
        try
        {
            const TaskCreationOptions Options =
                TaskCreationOptions.DenyChildAttach | TaskCreationOptions.RunContinuationsAsynchronously;
            return await Task.Factory.StartNew(call, cancellationToken, Options, this);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Lets queued calls end, then the threads.</summary>
    public void Dispose() => _queue.CompleteAdding();

    protected override void QueueTask(Task task)
    {
        var outstanding = Interlocked.Increment(ref _outstanding);
        var threads = Volatile.Read(ref _threads);
        if (outstanding > threads && threads < _threadsMax
            && Interlocked.CompareExchange(ref _threads, threads + 1, threads) == threads)
        {
            new Thread(Work, StackBytes) { IsBackground = true, Name = "object-folder-" + threads }.Start();
        }

        _queue.Add(task);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [.. _queue];

    private void Work()
    {
        foreach (var task in _queue.GetConsumingEnumerable())
        {
            TryExecuteTask(task);
            Interlocked.Decrement(ref _outstanding);
        }
    }
}
