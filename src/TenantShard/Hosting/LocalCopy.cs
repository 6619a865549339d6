using Platform.Messages.Identity;

namespace Platform.TenantShard.Hosting;

/// <summary>A tenant's folder on this node, as one look found it.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Folder">Its full path.</param>
/// <param name="Bytes">The length of all its files.</param>
/// <param name="LastUsed">When one of its files was last written; a clean close writes one.</param>
internal sealed record LocalCopy(TenantId Tenant, string Folder, long Bytes, DateTimeOffset LastUsed)
{
    /// <summary>All copies in <paramref name="cacheFolder"/>; what has no tenant's name is none.</summary>
    public static List<LocalCopy> Find(string cacheFolder)
    {
        var copies = new List<LocalCopy>();
        if (!Directory.Exists(cacheFolder)) return copies;
        foreach (var folder in new DirectoryInfo(cacheFolder).EnumerateDirectories())
        {
            if (!TenantId.TryParse(folder.Name, out var tenant)) continue;
            try
            {
                var (bytes, used) = (0L, folder.LastWriteTimeUtc);
                foreach (var file in folder.EnumerateFiles("*", SearchOption.AllDirectories))
                {
                    bytes += file.Length;
                    if (file.LastWriteTimeUtc > used) used = file.LastWriteTimeUtc;
                }

                copies.Add(new LocalCopy(tenant, folder.FullName, bytes, new DateTimeOffset(used, TimeSpan.Zero)));
            }
            catch (IOException)
            {
                // A shard that opens or closes changes its files meanwhile: the next look counts it.
            }
        }

        return copies;
    }
}
