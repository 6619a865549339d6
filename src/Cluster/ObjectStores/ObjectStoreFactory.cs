using Platform.Cluster.Configuration.Options;
using Platform.Cluster.Modes;
using Platform.Replication.ObjectStore;

namespace Platform.Cluster.ObjectStores;

/// <summary>
/// Opens the object store that the configuration names, and proves before the start that it can be used.
/// </summary>
internal static class ObjectStoreFactory
{
    /// <summary>A start waits this long for object storage, its retries included.</summary>
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(30);

    /// <exception cref="StartException">It refuses, or does not answer.</exception>
    public static async Task<IObjectStore> OpenAsync(
        ObjectStoreOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            using var timeout = new CancellationTokenSource(ProbeTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            return options.Kind == ObjectStoreKind.S3
                ? await ProbeS3Async(options.S3, time, either.Token)
                : await ProbeFolderAsync(options.Folder, either.Token);
        }
        catch (ObjectStoreException refused)
        {
            throw Refused(options, refused.Hint, refused);
        }
        catch (ArgumentException wrong)
        {
            throw Refused(options, wrong.Message, wrong);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw Refused(options, $"It did not answer within {ProbeTimeout.TotalSeconds} s.", late);
        }
    }

    private static async Task<IObjectStore> ProbeFolderAsync(string folder, CancellationToken cancellationToken)
    {
        var store = new FolderObjectStore(folder);
        try
        {
            await store.ProbeAsync(cancellationToken);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private static async Task<IObjectStore> ProbeS3Async(
        S3Settings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var store = new S3ObjectStore(
            new S3ObjectStoreOptions
            {
                Endpoint = settings.Endpoint,
                Region = settings.Region,
                Bucket = settings.Bucket,
                Prefix = settings.Prefix,
                AccessKey = settings.AccessKey.Length == 0 ? null : settings.AccessKey,
                SecretKey = settings.SecretKey.Length == 0 ? null : settings.SecretKey,
                PathStyle = settings.PathStyle,
            },
            time);
        try
        {
            await store.ProbeAsync(cancellationToken);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private static StartException Refused(ObjectStoreOptions options, string reason, Exception cause) => new(
        options.Kind == ObjectStoreKind.S3
            ? $"the object store (S3 bucket '{options.S3.Bucket}' at "
                + $"{options.S3.Endpoint?.ToString() ?? options.S3.Region}) cannot be used: {reason} "
                + "(platform.object-store.s3)"
            : $"the object store (folder '{options.Folder}') cannot be used: {reason} (platform.object-store.path)",
        cause);
}
