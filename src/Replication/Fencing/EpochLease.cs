using System.Globalization;
using System.Text.Json;
using Platform.Replication.ObjectStore;

namespace Platform.Replication.Fencing;

/// <summary>
/// Announces an owner in object storage, so that an owner from before learns that it is stale even if it cannot reach
/// the cluster's store: <c>{tenant}/lease/{epoch}.json</c>, epochs as 20 digits so that names sort as numbers.
/// Only create-only writes are used; compare-and-swap on ETags is not dependable across S3 servers.
/// </summary>
public static class EpochLease
{
    private const string Extension = ".json";
    private const int EpochDigits = 20;
    private const int RecordsKept = 2;

    // A record is under 200 bytes; more than this is not one of ours.
    private const int RecordBytesMax = 4096;

    /// <summary>
    /// Takes <paramref name="epoch"/> for <paramref name="node"/>. Idempotent for one node and epoch. Records older
    /// than the newest two are deleted.
    /// </summary>
    /// <param name="store">The object storage.</param>
    /// <param name="tenantPath">The tenant's own path, such as <c>tenants/acme</c>.</param>
    /// <param name="epoch">The epoch of the route; positive.</param>
    /// <param name="node">The node's id.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StaleEpochException">A higher epoch is on record, or this one is another node's.</exception>
    /// <exception cref="ObjectStoreException">Object storage failed; whether the epoch was taken is not known.</exception>
    public static async Task AcquireAsync(
        IObjectStore store,
        string tenantPath,
        long epoch,
        string node,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epoch);
        var prefix = tenantPath + "/lease/";
        var now = time.GetUtcNow();
        var content = JsonSerializer.SerializeToUtf8Bytes(new LeaseRecord(node, now), LeaseRecordJson.Default.LeaseRecord);
        var key = Key(prefix, epoch);
        if (!await store.CreateAsync(key, content, now, cancellationToken))
        {
            await RequireSameNodeAsync(store, key, epoch, node, cancellationToken);
        }

        // Listed after the create: of two owners at least one sees the other.
        var epochs = await ListAsync(store, prefix, cancellationToken);
        if (epochs.Count > 0 && epochs[^1] > epoch)
        {
            throw new StaleEpochException(epoch, epochs[^1], $"epoch {epochs[^1]} is on record in '{prefix}'.");
        }

        var old = epochs.SkipLast(RecordsKept).Select(older => Key(prefix, older)).ToList();
        if (old.Count > 0)
        {
            await store.DeleteAsync(old, cancellationToken);
        }
    }

    private static async Task RequireSameNodeAsync(
        IObjectStore store, string key, long epoch, string node, CancellationToken cancellationToken)
    {
        var content = await store.GetAsync(key, RecordBytesMax, cancellationToken);
        var holder = content is null ? null : Parse(content)?.Node;
        if (holder != node)
        {
            throw new StaleEpochException(epoch, epoch, $"'{key}' was created by node '{holder ?? "unknown"}'.");
        }
    }

    private static LeaseRecord? Parse(byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize(content, LeaseRecordJson.Default.LeaseRecord);
        }
        catch (JsonException)
        {
            // Not ours, so the epoch is not ours either.
            return null;
        }
    }

    private static async Task<List<long>> ListAsync(
        IObjectStore store, string prefix, CancellationToken cancellationToken)
    {
        var epochs = new List<long>();
        await foreach (var entry in store.ListAsync(prefix, startAfter: null, cancellationToken))
        {
            var name = entry.Key.AsSpan(prefix.Length);
            if (name.Length == EpochDigits + Extension.Length
                && name.EndsWith(Extension, StringComparison.Ordinal)
                && long.TryParse(
                    name[..EpochDigits], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch))
            {
                epochs.Add(epoch);
            }
        }

        epochs.Sort();
        return epochs;
    }

    private static string Key(string prefix, long epoch) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}{epoch:D20}{Extension}");
}
