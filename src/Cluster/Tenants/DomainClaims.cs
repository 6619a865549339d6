using System.Text;
using Platform.Cluster.Store;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;

namespace Platform.Cluster.Tenants;

/// <summary>
/// The domains that a tenant can have when its descriptor comes back from a copy: those that nobody else has by now.
/// </summary>
internal sealed class DomainClaims
{
    private readonly TenantId _tenant;

    /// <summary>The revision of each domain's claim; 0: nobody's.</summary>
    private readonly Dictionary<string, long> _revisions = new(StringComparer.Ordinal);
    private readonly List<string> _taken = [];

    private DomainClaims(TenantId tenant) => _tenant = tenant;

    /// <summary>Domains of the descriptor that are somebody else's.</summary>
    public IReadOnlyList<string> Taken => _taken;

    /// <summary>That no claim has changed since it was looked up.</summary>
    public IEnumerable<StoreCompare> Compares =>
        _revisions.Select(claim => StoreCompare.Unchanged(TenantKeys.OfDomain(claim.Key), claim.Value));

    /// <summary>Makes the domains the tenant's.</summary>
    public IEnumerable<StoreOperation> Puts
    {
        get
        {
            var owner = Encoding.ASCII.GetBytes(_tenant.Value);
            return _revisions.Keys.Select(domain => StoreOperation.Put(TenantKeys.OfDomain(domain), owner));
        }
    }

    /// <exception cref="ClusterStoreException">The store does not answer.</exception>
    public static async Task<DomainClaims> FindAsync(
        IClusterStore store, TenantDescriptor tenant, CancellationToken cancellationToken)
    {
        var claims = new DomainClaims(tenant.Id);
        foreach (var domain in tenant.Status == TenantStatus.Created ? tenant.Domains : [])
        {
            var claim = await store.GetAsync(TenantKeys.OfDomain(domain), cancellationToken);
            if (claim is null || Encoding.ASCII.GetString(claim.Value.Span) == tenant.Id.Value)
                claims._revisions[domain] = claim?.ModRevision ?? 0;
            else claims._taken.Add(domain);
        }

        return claims;
    }

    public bool Contains(string domain) => _revisions.ContainsKey(domain);

    /// <summary>The descriptor with the domains that it can have; a deleted tenant has given up its own already.</summary>
    public TenantDescriptor ApplyTo(TenantDescriptor tenant) =>
        tenant.Status == TenantStatus.Created ? tenant with { Domains = [.. tenant.Domains.Where(Contains)] } : tenant;
}
