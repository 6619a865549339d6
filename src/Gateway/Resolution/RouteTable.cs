using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;

namespace Platform.Gateway.Resolution;

/// <summary>
/// An exact copy of the registry in memory. The host calls <see cref="Apply"/> with every descriptor at start and with
/// every change afterwards, in the order of the registry; requests read it at any time without a lock.
/// </summary>
public sealed class RouteTable : IRouteSource
{
    // Written under _changing by the host's one feed, read by every request.
    private readonly ConcurrentDictionary<string, TenantDescriptor> _tenants = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TenantDescriptor> _domains = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TenantDescriptor>.AlternateLookup<ReadOnlySpan<char>> _tenantsBySpan;
    private readonly ConcurrentDictionary<string, TenantDescriptor>.AlternateLookup<ReadOnlySpan<char>> _domainsBySpan;
    private readonly Lock _changing = new();

    /// <summary>Creates an empty table.</summary>
    public RouteTable()
    {
        _tenantsBySpan = _tenants.GetAlternateLookup<ReadOnlySpan<char>>();
        _domainsBySpan = _domains.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Tenants known, deleted ones included.</summary>
    public int Count => _tenants.Count;

    /// <summary>Adds or replaces a tenant; domains that it no longer has stop answering at once.</summary>
    public void Apply(TenantDescriptor tenant)
    {
        lock (_changing)
        {
            if (_tenants.TryGetValue(tenant.Id.Value, out var previous))
            {
                foreach (var domain in previous.Domains.Except(tenant.Domains, StringComparer.Ordinal))
                    RemoveDomain(domain, tenant.Id);
            }

            _tenants[tenant.Id.Value] = tenant;
            foreach (var domain in tenant.Domains) _domains[domain] = tenant;
        }
    }

    /// <summary>Forgets a tenant whose registry entry is gone for good.</summary>
    public void Remove(TenantId id)
    {
        lock (_changing)
        {
            if (!_tenants.TryRemove(id.Value, out var previous)) return;
            foreach (var domain in previous.Domains) RemoveDomain(domain, id);
        }
    }

    /// <inheritdoc/>
    public bool TryGetTenant(ReadOnlySpan<char> id, [NotNullWhen(true)] out TenantDescriptor? tenant) =>
        _tenantsBySpan.TryGetValue(id, out tenant);

    /// <inheritdoc/>
    public bool TryGetDomain(ReadOnlySpan<char> host, [NotNullWhen(true)] out TenantDescriptor? tenant) =>
        _domainsBySpan.TryGetValue(host, out tenant);

    // A domain that another tenant has taken over meanwhile stays with its new owner.
    private void RemoveDomain(string domain, TenantId owner)
    {
        if (_domains.TryGetValue(domain, out var current) && current.Id == owner) _domains.TryRemove(domain, out _);
    }
}
