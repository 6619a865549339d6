namespace Platform.Pbm.Tenants;

/// <summary>
/// Where the admin API keeps tenants. An id needs no escaping: its rule was checked when it was parsed.
/// </summary>
internal static class TenantPath
{
    public const string All = "api/cp/tenants";

    public static string Of(string id) => $"{All}/{id}";
}
