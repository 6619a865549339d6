using Platform.Cluster.Membership;
using Platform.Cluster.Store;
using Platform.Messages.Identity;

namespace Platform.Cluster.Tenants;

/// <summary>Keeps a <see cref="TenantIndex"/> equal to the registry's entries in the store.</summary>
internal sealed class RegistryCopy(TenantIndex index) : IPrefixCopy
{
    public void Put(StoreEntry entry) => index.Apply(new TenantRecord(TenantJson.Read(entry.Value), entry.ModRevision));

    public void Remove(string key, long revision) => index.Remove(TenantId.Parse(IdIn(key)), revision);

    public void RetainOnly(IReadOnlySet<string> keys, long revision) =>
        index.RemoveOthers(keys.Select(IdIn).ToHashSet(StringComparer.Ordinal), revision);

    public void Settle()
    {
        // The index is complete after every entry: nothing waits for the end of a revision.
    }

    private static string IdIn(string key) => key[TenantKeys.Tenants.Length..];
}
