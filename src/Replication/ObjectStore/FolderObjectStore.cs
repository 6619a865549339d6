using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Platform.Replication.ObjectStore.Folder;

namespace Platform.Replication.ObjectStore;

/// <summary>
/// Object storage in a folder of a Linux file system: an object is a file, its key the path below the root. Durable
/// (an answer comes after the syncs) and create-only by link(2), also between processes that share the folder.
/// </summary>
/// <remarks>
/// All file calls block, so they run on a few threads of the store (see <see cref="FolderObjectStoreOptions.Threads"/>)
/// and not on the thread pool: there, a handful of slow syncs would stop every request of the process. Callers over
/// the limits wait asynchronously. Unlike in S3, <c>a</c> and <c>a/b</c> cannot both be objects, and listings hold the
/// names of the folders that they are in. Key segments that start the key with <c>.incoming</c> are the store's own.
/// Folders that a delete leaves empty are removed.
/// </remarks>
public sealed class FolderObjectStore : IObjectStore, IDisposable
{
    private const int PageEntries = 1000;

    private readonly string _root;
    private readonly FileThreads _threads;
    private readonly FolderWriter _writer;

    public FolderObjectStore(string root, FolderObjectStoreOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Object storage in a folder needs Linux.");
        }

        options ??= new FolderObjectStoreOptions();
        _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        _threads = new FileThreads(options.Threads, options.QueuedMax);
        _writer = new FolderWriter(_root, options.KnownFoldersMax);
    }

    /// <inheritdoc/>
    public ReplicaLayout Layout => ReplicaLayout.Folder;

    /// <inheritdoc/>
    public string Description => "folder " + _root;

    /// <summary>
    /// To be called at start: makes the folder, removes what a crash left, and checks that it is writable and that a
    /// name is given once only. Throws an <see cref="ObjectStoreException"/> that says what is wrong.
    /// </summary>
    public Task ProbeAsync(CancellationToken cancellationToken) =>
        _threads.RunAsync(() => Probe("platform-probe-" + RandomNumberGenerator.GetHexString(16)), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> CreateAsync(
        string key, ReadOnlyMemory<byte> content, DateTimeOffset timestamp, CancellationToken cancellationToken)
    {
        Validate(key);
        return _threads.RunAsync(() => _writer.Create(key, content.Span, timestamp), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> CreateFromFileAsync(
        string key, string path, DateTimeOffset timestamp, CancellationToken cancellationToken)
    {
        Validate(key);
        return _threads.RunAsync(() => _writer.CreateFromFile(key, path, timestamp), cancellationToken);
    }

    /// <inheritdoc/>
    public Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Validate(key);
        return _threads.RunAsync(
            () =>
            {
                _writer.Put(key, content.Span);
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<byte[]?> GetAsync(string key, long bytesMax, CancellationToken cancellationToken)
    {
        Validate(key);
        ArgumentOutOfRangeException.ThrowIfNegative(bytesMax);
        return _threads.RunAsync(() => Guarded("get", key, () => ReadAll(key, bytesMax)), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        Validate(key);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        return _threads.RunAsync(
            () => Guarded("open", key, Stream? () => Open(key, offset, length)), cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectEntry> ListAsync(
        string prefix, string? startAfter, CancellationToken cancellationToken)
    {
        ObjectKey.ValidatePrefix(prefix);
        return ListPagesAsync(prefix, startAfter, cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (var key in keys)
        {
            Validate(key);
        }

        return _threads.RunAsync(
            () =>
            {
                _writer.Delete(keys);
                return true;
            },
            cancellationToken);
    }

    /// <summary>Ends the threads and gives up the staging folder. Operations must have ended.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        _threads.Dispose();
    }

    private async IAsyncEnumerable<ObjectEntry> ListPagesAsync(
        string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        FolderWalk? walk = null;
        List<ObjectEntry> page;
        do
        {
            page = await _threads.RunAsync(
                () => Guarded("list", prefix, () => (walk ??= new(_root, prefix, startAfter)).NextPage(PageEntries)),
                cancellationToken);
            foreach (var entry in page)
            {
                yield return entry;
            }
        }
        while (page.Count > 0);
    }

    private bool Probe(string key)
    {
        byte[] content = [1];
        try
        {
            if (!_writer.Create(key, content, DateTimeOffset.UnixEpoch)
                || _writer.Create(key, [2], DateTimeOffset.UnixEpoch)
                || !content.AsSpan().SequenceEqual(Guarded("probe", key, () => ReadAll(key, content.Length))))
            {
                throw new ObjectStoreException(
                    "probe", key, false, "The file system gives one name twice; use another, such as ext4 or XFS.");
            }
        }
        finally
        {
            _writer.Delete([key]);
        }

        return true;
    }

    private byte[]? ReadAll(string key, long bytesMax)
    {
        using var file = OpenFile(key);
        if (file is null)
        {
            return null;
        }

        var bytes = RandomAccess.GetLength(file);
        if (bytes > bytesMax)
        {
            throw new ObjectStoreException(
                "get", key, false, $"The object has {bytes} bytes; at most {bytesMax} were expected.");
        }

        var content = new byte[bytes];
        for (var read = 0; read < content.Length;)
        {
            var part = RandomAccess.Read(file, content.AsSpan(read), read);
            read += part > 0 ? part : throw new IOException("The file ended early.", FolderFault.InputOutput);
        }

        return content;
    }

    private FileRangeStream? Open(string key, long offset, long? length)
    {
        var file = OpenFile(key);
        if (file is null)
        {
            return null;
        }

        var bytes = RandomAccess.GetLength(file);
        var end = length is { } wanted && wanted < bytes - offset ? offset + wanted : bytes;
        return new FileRangeStream(file, key, offset, end, _threads);
    }

    private SafeFileHandle? OpenFile(string key)
    {
        var file = LibC.Open(_writer.PathOf(key), LibC.ReadOnly | LibC.CloseOnExec, 0);
        if (!file.IsInvalid && !File.GetAttributes(file).HasFlag(FileAttributes.Directory))
        {
            return file;
        }

        var errno = file.IsInvalid ? FolderFault.LastErrno : FolderFault.NotFound;
        file.Dispose();
        return errno is FolderFault.NotFound or FolderFault.NotAFolder
            ? null
            : throw FolderFault.From("open", key, errno);
    }

    private static TResult Guarded<TResult>(string operation, string key, Func<TResult> call)
    {
        try
        {
            return call();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw FolderFault.From(operation, key, fault);
        }
    }

    private static void Validate(string key)
    {
        ObjectKey.Validate(key);
        if (key.StartsWith(StagingFolder.ReservedName, StringComparison.Ordinal)
            && (key.Length == StagingFolder.ReservedName.Length || key[StagingFolder.ReservedName.Length] == '/'))
        {
            throw new ArgumentException("Keys under '.incoming' belong to the store itself.", nameof(key));
        }
    }
}
