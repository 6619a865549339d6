using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Files;

/// <summary>
/// Deletes files that no record names. What a record gave up goes when no retained moment names it: the removal was noted
/// with the write, and is carried out on the heels of a later write with files, so that a tenant at rest asks for
/// nothing. What was stored for a record that came to nothing goes at once. Once a week, with an activation's first upload,
/// all files are looked at, and removals are noted for those that a crash or a rewind left.
/// </summary>
internal sealed partial class FileSweeper : IAsyncDisposable
{
    private const int WorkMax = 1024;
    private const int FilesPerQuestion = 500;
    private const int RemovalsPerTurn = 200;

    private static readonly TimeSpan WholeInterval = TimeSpan.FromDays(7);

    /// <summary>Younger ones may be uploads of another node, whose record comes.</summary>
    private static readonly TimeSpan OrphanAge = TimeSpan.FromDays(1);

    /// <summary>How often removals are looked at, while there is cause.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan CloseWait = TimeSpan.FromSeconds(5);
    private static readonly IReadOnlyList<FileReference> Nothing = [];

    // Files to delete; none to look for due removals. What finds no room is left to the whole sweep.
    private readonly Channel<IReadOnlyList<FileReference>> _work = Channel.CreateBounded<IReadOnlyList<FileReference>>(
        new BoundedChannelOptions(WorkMax) { SingleReader = true });
    private readonly CancellationTokenSource _closing = new();
    private readonly FileStorage _storage;
    private readonly IShard _shard;
    private readonly TimeSpan _retention;
    private readonly ILogger _logger;
    private readonly Task _sweeping;
    private DateTimeOffset _nextLook;
    private int _wholeAsked;
    private bool _isWholeDone;

    /// <param name="storage">The tenant's files.</param>
    /// <param name="shard">The tenant.</param>
    /// <param name="retention">How long a file stays after its record gave it up.</param>
    /// <param name="logger">For failures, which a later sweep makes good.</param>
    public FileSweeper(FileStorage storage, IShard shard, TimeSpan retention, ILogger logger)
    {
        _storage = storage;
        _shard = shard;
        _retention = retention;
        _logger = logger;
        _sweeping = RunAsync();
    }

    /// <summary>Says that a durable write has noted removals.</summary>
    public void NoteRemovals() => _work.Writer.TryWrite(Nothing);

    /// <summary>Deletes files that were stored for a record which does not name them in the end.</summary>
    public void Discard(IReadOnlyList<FileReference> files)
    {
        if (!_work.Writer.TryWrite([.. files])) LogPostponed(_shard.Tenant.Value);
    }

    /// <summary>Asks for the weekly sweep, if it is due.</summary>
    public void AddAll()
    {
        if (Interlocked.Exchange(ref _wholeAsked, 1) == 0) _work.Writer.TryWrite(Nothing);
    }

    public async ValueTask DisposeAsync()
    {
        _work.Writer.TryComplete();
        try
        {
            await _sweeping.WaitAsync(CloseWait, _shard.Clock);
        }
        catch (TimeoutException)
        {
            await _closing.CancelAsync();
            await _sweeping;
        }

        _closing.Dispose();
    }

    private async Task RunAsync()
    {
        await foreach (var files in _work.Reader.ReadAllAsync())
        {
            try
            {
                if (files.Count > 0) await DiscardAsync(files, _closing.Token);
                if (Volatile.Read(ref _wholeAsked) == 1 && !_isWholeDone) await SweepAllAsync(_closing.Token);
                await CarryOutAsync(_closing.Token);
            }
#pragma warning disable CA1031 // Supervision: one trouble must not end the sweeping of other files.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                LogFailed(failure, _shard.Tenant.Value);
            }
        }
    }

    private async Task DiscardAsync(IReadOnlyList<FileReference> files, CancellationToken cancellationToken)
    {
        var unreferenced = await _shard.WriteAsync(new UnreferencedFiles(_storage, files), cancellationToken);
        string[] keys =
            [.. unreferenced.Select(file => _storage.FullKey(FileKeys.Of(file.CollectionId, file.RecordId, file.Name)))];
        if (keys.Length > 0) await _storage.Store.DeleteAsync(keys, cancellationToken);
    }

    private async Task SweepAllAsync(CancellationToken cancellationToken)
    {
        _isWholeDone = true;
        var now = _shard.Clock.GetUtcNow();
        if (await IsYoungAsync(_storage.SweptKey, now - WholeInterval, cancellationToken)) return;
        var files = new Dictionary<FileReference, long?>();
        await foreach (var entry in _storage.Store.ListAsync(_storage.FullKey(""), null, cancellationToken))
        {
            if (entry.Modified >= now - OrphanAge || FileKeys.Parse(_storage.ShortKey(entry.Key)) is not { } file) continue;
            if (FileKeys.Of(file.CollectionId, file.RecordId, file.Name) == _storage.ShortKey(entry.Key))
                files[file] = entry.Bytes;
            else
                files.TryAdd(file, null);
            if (files.Count < FilesPerQuestion) continue;
            await _shard.WriteAsync(new NoteUnreferencedFiles(_storage, files), cancellationToken);
            files = [];
        }

        if (files.Count > 0) await _shard.WriteAsync(new NoteUnreferencedFiles(_storage, files), cancellationToken);
        await _storage.Store.PutAsync(_storage.SweptKey, ReadOnlyMemory<byte>.Empty, cancellationToken);
    }

    private async Task CarryOutAsync(CancellationToken cancellationToken)
    {
        var now = _shard.Clock.GetUtcNow();
        if (now < _nextLook) return;
        _nextLook = now + (_retention < LookInterval ? _retention : LookInterval);
        var moment = now - _retention;
        if (!await _shard.ReadAsync(
            moment, static (scope, due) => FileRemovals.HasDue(scope.Connection, due), cancellationToken)) return;

        // The state that was left by going back is retained, and with it, what it named.
        if (await IsYoungAsync(_storage.RewoundKey, moment, cancellationToken)) return;
        while (await _shard.WriteAsync(new TakeFileRemovals(moment, RemovalsPerTurn), cancellationToken)
            is { Count: > 0 } due)
        {
            foreach (var folder in due.GroupBy(static removal => removal.Folder))
                await DeleteAsync(folder.Key, [.. folder], cancellationToken);
        }
    }

    private async Task DeleteAsync(string folder, List<FileRemoval> removals, CancellationToken cancellationToken)
    {
        var found = new List<(string Key, FileReference File)>();
        await foreach (var entry in _storage.Store.ListAsync(_storage.FullKey(folder), null, cancellationToken))
        {
            if (FileKeys.Parse(_storage.ShortKey(entry.Key)) is not { } file
                || !removals.Exists(removal => removal.Covers(file, entry.Modified))) continue;
            found.Add((entry.Key, file));
            if (found.Count < FilesPerQuestion) continue;
            await DeleteUnreferencedAsync(found, cancellationToken);
            found.Clear();
        }

        if (found.Count > 0) await DeleteUnreferencedAsync(found, cancellationToken);
    }

    private async Task DeleteUnreferencedAsync(
        List<(string Key, FileReference File)> found, CancellationToken cancellationToken)
    {
        HashSet<FileReference> files = [.. found.Select(static entry => entry.File)];
        var unreferenced = await _shard.WriteAsync(new UnreferencedFiles(_storage, files), cancellationToken);
        string[] keys = [.. found.Where(entry => unreferenced.Contains(entry.File)).Select(static entry => entry.Key)];
        if (keys.Length > 0) await _storage.Store.DeleteAsync(keys, cancellationToken);
    }

    private async Task<bool> IsYoungAsync(string key, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await foreach (var entry in _storage.Store.ListAsync(key, null, cancellationToken))
            if (entry.Key == key) return entry.Modified > since;
        return false;
    }

    [LoggerMessage(2601, LogLevel.Warning,
        "Files of tenant {TenantId} that nothing names could not be removed; a later sweep will")]
    private partial void LogFailed(Exception failure, string tenantId);

    [LoggerMessage(2602, LogLevel.Warning,
        "Too many removals of files of tenant {TenantId} wait; a later sweep will remove these")]
    private partial void LogPostponed(string tenantId);
}
