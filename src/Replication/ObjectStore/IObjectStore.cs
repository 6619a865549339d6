namespace Platform.Replication.ObjectStore;

/// <summary>
/// Object storage as replication needs it: small, so that any store fits, and strict about the one thing that
/// fencing rests on: <see cref="CreateAsync"/> has exactly one winner. Every failure is an
/// <see cref="ObjectStoreException"/>. Keys are relative, with <c>/</c> between segments and no <c>..</c>.
/// </summary>
public interface IObjectStore
{
    /// <summary>How stock Litestream names a replica's level folders in this kind of store.</summary>
    ReplicaLayout Layout { get; }

    /// <summary>A description for logs and errors, without credentials: <c>folder /data/objects</c>.</summary>
    string Description { get; }

    /// <summary>
    /// Stores <paramref name="content"/> durably if <paramref name="key"/> does not exist; false when it does.
    /// Of concurrent calls for one key exactly one returns true. After a transient fault the object may exist or may
    /// appear later: who repeats the call and gets false reads the winner, and may find that it is its own content.
    /// <paramref name="timestamp"/> is kept as Litestream expects it (metadata or file time).
    /// </summary>
    Task<bool> CreateAsync(
        string key, ReadOnlyMemory<byte> content, DateTimeOffset timestamp, CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="CreateAsync"/>, with the content of a local file, which must not change meanwhile. Stores that can
    /// send it piece by piece override this, which reads it into memory.
    /// </summary>
    async Task<bool> CreateFromFileAsync(
        string key, string path, DateTimeOffset timestamp, CancellationToken cancellationToken) =>
        await CreateAsync(key, await File.ReadAllBytesAsync(path, cancellationToken), timestamp, cancellationToken);

    /// <summary>Stores or replaces an object atomically: readers see the old or the new content, whole.</summary>
    Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>
    /// The whole object, or null when it does not exist. Refuses objects over <paramref name="bytesMax"/>.
    /// </summary>
    Task<byte[]?> GetAsync(string key, long bytesMax, CancellationToken cancellationToken);

    /// <summary>
    /// Opens an object for reading from <paramref name="offset"/>, at most <paramref name="length"/> bytes (null = to
    /// its end); null when it does not exist, empty behind its end. The stream is forward only, read asynchronously
    /// only, and fails with <see cref="ObjectStoreException"/>.
    /// </summary>
    Task<Stream?> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken);

    /// <summary>
    /// Objects whose key starts with <paramref name="prefix"/>, in ordinal order of their keys (of the UTF-8 bytes),
    /// after
    /// <paramref name="startAfter"/> when given. Pages as it goes: holds no more than one page.
    /// </summary>
    IAsyncEnumerable<ObjectEntry> ListAsync(string prefix, string? startAfter, CancellationToken cancellationToken);

    /// <summary>Deletes the objects; one that does not exist is no error.</summary>
    Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken);
}
