using Platform.TenantShard.Collections;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.ClientAddresses;

/// <summary>Superusers may be confined to some addresses (<c>settings.superuserIPs</c>).</summary>
internal static class SuperuserAddresses
{
    /// <summary>Before a request of a superuser runs.</summary>
    /// <exception cref="ApiException">403: from elsewhere.</exception>
    public static void Require(ApiContext context)
    {
        if (context.IsSuperuser) RequireAllowed(context);
    }

    /// <summary>Before a token of a record is given away.</summary>
    /// <exception cref="ApiException">403: a superuser's, from elsewhere.</exception>
    public static void Require(ApiContext context, Collection collection)
    {
        if (collection.Name == SystemCollections.Superusers) RequireAllowed(context);
    }

    private static void RequireAllowed(ApiContext context)
    {
        var allowed = context.Policy.SuperuserAddresses;
        if (!allowed.IsEmpty && !allowed.Contains(context.ClientAddress))
            throw ApiException.Forbidden("Superusers are not allowed to perform requests from this IP address.");
    }
}
