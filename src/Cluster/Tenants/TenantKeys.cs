using Platform.Messages.Identity;

namespace Platform.Cluster.Tenants;

/// <summary>
/// Where the registry keeps things in the cluster store, and in object storage. Host names are lower case ASCII, so
/// they are valid in keys as they are.
/// </summary>
internal static class TenantKeys
{
    /// <summary>Descriptors by id.</summary>
    public const string Tenants = "/tenants/";

    /// <summary>
    /// Tenants whose copy in object storage may be older than the registry: written with the change, removed when the
    /// copy is stored, so that a crash between the two is made good. The value is the kind of event that the change is.
    /// </summary>
    public const string Uncopied = "/tenants-uncopied/";

    /// <summary>
    /// Tenants that are out of the registry and whose objects are being deleted; the value is the last descriptor.
    /// </summary>
    public const string Purging = "/tenants-purging/";

    /// <summary>
    /// Ids whose import or copy failed: out of the registry, with objects that may be there or still arrive. The value is
    /// the moment in Unix milliseconds.
    /// </summary>
    public const string Unfinished = "/tenants-unfinished/";

    /// <summary>Set when the registry has been filled once, from object storage if there was anything.</summary>
    public const string Initialised = "/registry/initialised";

    /// <summary>Who owns a host name; the value is the tenant's id.</summary>
    private const string Domains = "/domains/";

    public static string Of(TenantId id) => Tenants + id.Value;

    public static string UncopiedOf(TenantId id) => Uncopied + id.Value;

    public static string PurgingOf(TenantId id) => Purging + id.Value;

    public static string UnfinishedOf(TenantId id) => Unfinished + id.Value;

    public static string OfDomain(string domain) => Domains + domain;

    public static string ObjectOf(TenantId id) => FolderOf(id) + "metadata.json";

    /// <summary>Before every object of the tenant.</summary>
    public static string FolderOf(TenantId id) => $"tenants/{id.Value}/";
}
