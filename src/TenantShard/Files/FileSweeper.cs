using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Files;

/// <summary>
/// Deletes files that no record names: at once below folders of which a write said that it removed something, and
/// once a week, with the activation's first upload, below all. A whole sweep leaves young files alone: a tenant that
/// was taken back in time may be taken forward again, and then they have their names back.
/// </summary>
internal sealed partial class FileSweeper : IAsyncDisposable
{
    private const int FoldersMax = 1024;
    private const int FilesPerQuestion = 500;
    private const string Everything = "";

    private static readonly TimeSpan WholeInterval = TimeSpan.FromDays(7);
    private static readonly TimeSpan OrphanAge = TimeSpan.FromDays(30);
    private static readonly TimeSpan CloseWait = TimeSpan.FromSeconds(5);

    // A folder that finds no room is left to the whole sweep.
    private readonly Channel<string> _folders = Channel.CreateBounded<string>(
        new BoundedChannelOptions(FoldersMax) { SingleReader = true });
    private readonly CancellationTokenSource _closing = new();
    private readonly FileStorage _storage;
    private readonly IShard _shard;
    private readonly ILogger _logger;
    private readonly Task _sweeping;
    private int _isWholeAsked;

    public FileSweeper(FileStorage storage, IShard shard, ILogger logger)
    {
        _storage = storage;
        _shard = shard;
        _logger = logger;
        _sweeping = RunAsync();
    }

    /// <summary>Says that something below the folders is named no more.</summary>
    public void Add(IReadOnlyList<string> folders)
    {
        foreach (var folder in folders)
            if (!_folders.Writer.TryWrite(folder)) LogPostponed(_shard.Tenant.Value);
    }

    /// <summary>Asks for the weekly sweep, if it is due.</summary>
    public void AddAll()
    {
        if (Interlocked.Exchange(ref _isWholeAsked, 1) == 0) _folders.Writer.TryWrite(Everything);
    }

    public async ValueTask DisposeAsync()
    {
        _folders.Writer.TryComplete();
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
        await foreach (var folder in _folders.Reader.ReadAllAsync())
        {
            try
            {
                if (folder != Everything) await SweepAsync(folder, DateTimeOffset.MaxValue, _closing.Token);
                else await SweepAllAsync(_closing.Token);
            }
#pragma warning disable CA1031 // Supervision: one folder's trouble must not end the sweeping of others.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                LogFailed(failure, _shard.Tenant.Value);
            }
        }
    }

    private async Task SweepAllAsync(CancellationToken cancellationToken)
    {
        var now = _shard.Clock.GetUtcNow();
        await foreach (var entry in _storage.Store.ListAsync(_storage.SweptKey, null, cancellationToken))
            if (entry.Key == _storage.SweptKey && now - entry.Modified < WholeInterval) return;
        await SweepAsync(Everything, now - OrphanAge, cancellationToken);
        await _storage.Store.PutAsync(_storage.SweptKey, ReadOnlyMemory<byte>.Empty, cancellationToken);
    }

    private async Task SweepAsync(string folder, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var found = new List<(string Key, FileReference File)>();
        await foreach (var entry in _storage.Store.ListAsync(_storage.FullKey(folder), null, cancellationToken))
        {
            if (entry.Modified >= before || FileKeys.Parse(_storage.ShortKey(entry.Key)) is not { } file) continue;
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

    [LoggerMessage(2601, LogLevel.Warning,
        "Files of tenant {TenantId} that nothing names could not be removed; a later sweep will")]
    private partial void LogFailed(Exception failure, string tenantId);

    [LoggerMessage(2602, LogLevel.Warning,
        "Too many removals of files of tenant {TenantId} wait; a later sweep will remove these")]
    private partial void LogPostponed(string tenantId);
}
