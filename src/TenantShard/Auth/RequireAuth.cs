using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Auth;

/// <summary>Endpoints that are not for everybody.</summary>
internal static class RequireAuth
{
    private const string NoToken = "The request requires valid record authorization token.";

    /// <exception cref="ApiException">401 for guests, 403 for other records.</exception>
    public static void Superuser(ApiContext context)
    {
        if (context.Auth is null) throw ApiException.Unauthorized(NoToken);
        if (!context.IsSuperuser)
            throw ApiException.Forbidden("The authorized record is not allowed to perform this action.");
    }

    /// <exception cref="ApiException">401 for guests, 403 for records of other collections.</exception>
    public static void RecordOf(ApiContext context, string collectionId, string collectionName)
    {
        if (context.Auth is not { } auth) throw ApiException.Unauthorized(NoToken);
        if (auth.Collection.Id != collectionId)
            throw ApiException.Forbidden($"The request requires auth record from {collectionName} collection.");
    }
}
