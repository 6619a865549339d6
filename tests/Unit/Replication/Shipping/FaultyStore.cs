using Platform.Replication.ObjectStore;

namespace Platform.Replication.Tests.Shipping;

/// <summary>A store that fails when told, counts its requests, and can lose the answer to a create.</summary>
internal sealed class FaultyStore(IObjectStore inner) : IObjectStore
{
    /// <summary>Creates fail without storing.</summary>
    public bool IsDown { get; set; }

    /// <summary>The next create stores and then fails.</summary>
    public bool LosesNextAnswer { get; set; }

    /// <summary>Runs before each create, with its key.</summary>
    public Func<string, Task>? BeforeCreate { get; set; }

    public int Requests { get; private set; }

    public List<string> Opened { get; } = [];

    public ReplicaLayout Layout => inner.Layout;

    public string Description => inner.Description;

    public async Task<bool> CreateAsync(
        string key, ReadOnlyMemory<byte> content, DateTimeOffset timestamp, CancellationToken cancellationToken)
    {
        Requests++;
        if (BeforeCreate is { } hook)
        {
            await hook(key);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (IsDown)
        {
            throw Fault("create", key);
        }

        var isCreated = await inner.CreateAsync(key, content, timestamp, cancellationToken);
        if (LosesNextAnswer)
        {
            LosesNextAnswer = false;
            throw Fault("create", key);
        }

        return isCreated;
    }

    public Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Requests++;
        return inner.PutAsync(key, content, cancellationToken);
    }

    public Task<byte[]?> GetAsync(string key, long bytesMax, CancellationToken cancellationToken)
    {
        Requests++;
        return inner.GetAsync(key, bytesMax, cancellationToken);
    }

    public Task<Stream?> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        Requests++;
        Opened.Add(key);
        return inner.OpenReadAsync(key, offset, length, cancellationToken);
    }

    public IAsyncEnumerable<ObjectEntry> ListAsync(
        string prefix, string? startAfter, CancellationToken cancellationToken)
    {
        Requests++;
        return inner.ListAsync(prefix, startAfter, cancellationToken);
    }

    public Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        Requests++;
        return inner.DeleteAsync(keys, cancellationToken);
    }

    private static ObjectStoreException Fault(string operation, string key) =>
        new(operation, key, isTransient: true, "The test says that it is down.");
}
