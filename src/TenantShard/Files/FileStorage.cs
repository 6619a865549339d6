using System.Collections.Concurrent;
using Platform.Replication.ObjectStore;
using Platform.TenantShard.Files.Forms;
using Platform.TenantShard.Filters;

namespace Platform.TenantShard.Files;

/// <summary>
/// The files of one tenant in object storage, for the time of one activation. A file is stored before the record that
/// names it is written, and deleted when no retained state names it any more; what a crash leaves before the first is
/// named by nobody and is found by a sweep (see <see cref="FileSweeper"/>).
/// </summary>
internal sealed class FileStorage
{
    private const int KnownMax = 1024;

    private readonly IObjectStore _store;
    private readonly string _root;
    private readonly TimeProvider _clock;
    private readonly BoundedCache<string, StoredFile> _known = new(KnownMax);
    private readonly ConcurrentDictionary<FileReference, byte> _pending = new();

    /// <param name="store">The node's object storage.</param>
    /// <param name="tenantPath">The tenant's folder in it.</param>
    /// <param name="localFolder">The tenant's local folder; nothing in it outlives a crash of use.</param>
    /// <param name="clock">For the times of new objects.</param>
    public FileStorage(IObjectStore store, string tenantPath, string localFolder, TimeProvider clock)
    {
        _store = store;
        _root = $"{tenantPath}/storage/";
        SweptKey = $"{tenantPath}/storage-swept";
        RewoundKey = RewoundKeyOf(tenantPath);
        _clock = clock;
        SpoolFolder = Path.Combine(localFolder, "uploads");
        // What a crash has left there belonged to requests that are gone.
        if (Directory.Exists(SpoolFolder)) Directory.Delete(SpoolFolder, recursive: true);
    }

    /// <summary>Where bodies wait until their record is written.</summary>
    public string SpoolFolder { get; }

    /// <summary>Tells by its age when everything was last swept.</summary>
    public string SweptKey { get; }

    /// <summary>
    /// Tells by its age when the tenant was last taken to its past: from then on, states of before name files again that
    /// the present knows as removed long ago.
    /// </summary>
    public string RewoundKey { get; }

    public IObjectStore Store => _store;

    public static string RewoundKeyOf(string tenantPath) => $"{tenantPath}/storage-rewound";

    public string FullKey(string key) => _root + key;

    /// <summary>The key without the tenant's part.</summary>
    public string ShortKey(string fullKey) => fullKey[_root.Length..];

    /// <summary>Files whose record is about to be written must not be swept.</summary>
    public void Hold(FileReference file) => _pending.TryAdd(file, 0);

    public void Release(FileReference file) => _pending.TryRemove(file, out _);

    public bool IsHeld(FileReference file) => _pending.ContainsKey(file);

    public async Task StoreAsync(string key, UploadedFile file, CancellationToken cancellationToken)
    {
        // Names are random: an object of that name can only be this file, from an attempt whose answer was lost.
        if (file.Path is { } path)
            await _store.CreateFromFileAsync(FullKey(key), path, _clock.GetUtcNow(), cancellationToken);
        else
            await _store.PutAsync(FullKey(key), file.Content, cancellationToken);
    }

    public Task StoreAsync(string key, byte[] content, CancellationToken cancellationToken) =>
        _store.PutAsync(FullKey(key), content, cancellationToken);

    /// <summary>Null when there is no such file.</summary>
    public async Task<StoredFile?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (_known.TryGet(key, out var known)) return known;
        var fullKey = FullKey(key);
        await foreach (var entry in _store.ListAsync(fullKey, null, cancellationToken))
        {
            // The key itself comes before all that only begin with it.
            if (entry.Key != fullKey) return null;
            var type = await DetectAsync(fullKey, cancellationToken);
            var found = new StoredFile(key, entry.Bytes, entry.Modified, type);
            _known.Set(key, found);
            return found;
        }

        return null;
    }

    public Task<Stream?> OpenAsync(StoredFile file, long offset, long length, CancellationToken cancellationToken) =>
        _store.OpenReadAsync(FullKey(file.Key), offset, length, cancellationToken);

    /// <summary>The whole content, which the caller has found to be of bearable size.</summary>
    public Task<byte[]?> ReadAsync(StoredFile file, CancellationToken cancellationToken) =>
        _store.GetAsync(FullKey(file.Key), file.Size, cancellationToken);

    private async Task<ContentType> DetectAsync(string fullKey, CancellationToken cancellationToken)
    {
        await using var stream = await _store.OpenReadAsync(
            fullKey, 0, ContentSignature.HeadBytes, cancellationToken);
        if (stream is null) return ContentType.Unknown;
        var head = new byte[ContentSignature.HeadBytes];
        var count = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        return ContentSignature.Detect(head.AsSpan(0, count));
    }
}
