using Microsoft.Extensions.Logging;
using Platform.TenantShard.Filters;

namespace Platform.TenantShard.Files.Thumbs;

/// <summary>
/// Makes the thumbnails of all tenants of a node, each once, and few at a time: a picture needs a core for a while and
/// four bytes for each of its pixels.
/// </summary>
internal sealed partial class Thumbnails(ThumbOptions options, ILogger logger) : IDisposable
{
    private const int FailedMax = 4096;

    private readonly SemaphoreSlim _slots = new(
        options.ConcurrencyMax > 0 ? options.ConcurrencyMax : Math.Clamp(Environment.ProcessorCount / 2, 1, 4));

    private readonly Dictionary<string, TaskCompletionSource> _making = new(StringComparer.Ordinal);
    private readonly BoundedCache<string, bool> _failed = new(FailedMax);
    private int _isMissingTold;

    /// <summary>The thumbnail, made if need be; null when there can be none: then the original is shown.</summary>
    public async Task<StoredFile?> FindAsync(
        FileStorage storage, StoredFile original, string key, string size, CancellationToken cancellationToken)
    {
        if (ThumbSpec.Parse(size) is not { } spec || original.Size > options.FileBytesMax) return null;
        var id = storage.FullKey(key);
        if (_failed.TryGet(id, out _)) return null;
        if (await storage.FindAsync(key, cancellationToken) is { } present) return present;
        if (!IsAvailable()) return null;
        var (isOwner, made) = Join(id);
        if (made is null) return null;
        if (isOwner) await MakeAsync(storage, original, key, spec, made);
        await made.Task.WaitAsync(cancellationToken);
        return await storage.FindAsync(key, cancellationToken);
    }

    public void Dispose() => _slots.Dispose();

    /// <summary>Who asks first makes it, the others wait for that; null when too many are being made.</summary>
    private (bool IsOwner, TaskCompletionSource? Made) Join(string id)
    {
        lock (_making)
        {
            if (_making.TryGetValue(id, out var made)) return (false, made);
            if (_making.Count >= options.WaitingMax) return (false, null);
            made = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _making.Add(id, made);
            return (true, made);
        }
    }

    private bool IsAvailable()
    {
        if (ThumbRenderer.IsAvailable) return true;
        if (Interlocked.Exchange(ref _isMissingTold, 1) == 0) LogMissing(GdNative.Library);
        return false;
    }

    /// <summary>Not cancelled with the request that began it: others may wait for the same one.</summary>
    private async Task MakeAsync(
        FileStorage storage, StoredFile original, string key, ThumbSpec spec, TaskCompletionSource made)
    {
        await _slots.WaitAsync();
        try
        {
            if (await storage.ReadAsync(original, CancellationToken.None) is not { } image) return;
            var thumb = await Task.Run(() => Render(image, original.Type.Mime, spec));
            if (thumb is null) _failed.Set(storage.FullKey(key), true);
            else await storage.StoreAsync(key, thumb, CancellationToken.None);
        }
        finally
        {
            _slots.Release();
            lock (_making) _making.Remove(storage.FullKey(key));
            made.SetResult();
        }
    }

    private byte[]? Render(byte[] image, string mime, ThumbSpec spec)
    {
        if (ImageHeader.ReadSize(image, mime) is not { } size
            || (long)size.Width * size.Height > options.PixelsMax) return null;
        return ThumbRenderer.Render(image, mime, spec.PlanFor(size.Width, size.Height));
    }

    [LoggerMessage(2611, LogLevel.Warning,
        "{Library} is not installed: files are served without thumbnails (Debian: apt install libgd3)")]
    private partial void LogMissing(string library);
}
