using Platform.Messages.Identity;
using Platform.Replication.ObjectStore;

namespace Platform.Cluster.Tenants;

/// <summary>What a tenant has in object storage.</summary>
internal static class TenantObjects
{
    /// <summary>What S3 deletes with one request.</summary>
    private const int KeysPerDeletion = 1000;

    /// <summary>
    /// Deletes all that is listed, but the descriptor; returns how many objects there were. Asks before each request
    /// whether it may go on.
    /// </summary>
    /// <exception cref="ObjectStoreException">Some may be left.</exception>
    public static async Task<long> DeleteAsync(
        IObjectStore objects, TenantId id, Func<Task<bool>> mayGoOn, CancellationToken cancellationToken)
    {
        var (prefix, descriptor) = (TenantKeys.FolderOf(id), TenantKeys.ObjectOf(id));
        string? last = null;
        for (var count = 0L; ;)
        {
            var keys = new List<string>(KeysPerDeletion);
            await foreach (var entry in objects.ListAsync(prefix, last, cancellationToken))
            {
                last = entry.Key;
                if (entry.Key != descriptor) keys.Add(entry.Key);
                if (keys.Count == KeysPerDeletion) break;
            }

            if (keys.Count == 0 || !await mayGoOn()) return count;
            await objects.DeleteAsync(keys, cancellationToken);
            count += keys.Count;
        }
    }
}
