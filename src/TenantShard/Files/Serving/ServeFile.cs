using Platform.Replication.ObjectStore;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;

namespace Platform.TenantShard.Files.Serving;

/// <summary><c>GET /api/files/{collection}/{recordId}/{filename}</c>.</summary>
internal static class ServeFile
{
    private const string DefaultThumb = "100x100";

    public static void Map(RouteTable routes) =>
        routes.Map("GET", "/api/files/{collection}/{recordId}/{filename}", HandleAsync);

    private static async Task HandleAsync(ApiContext context)
    {
        if (context.Tenant.Files is not { } files) throw ApiException.NotFound();
        var owner = await FindOwnerAsync(context);
        try
        {
            await SendAsync(context, files.Storage, owner);
        }
        catch (ObjectStoreException fault) when (!context.Http.Response.HasStarted)
        {
            throw new ApiException(503, "The file cannot be read at the moment.", cause: fault)
            {
                RetryAfterSeconds = 2,
            };
        }
    }

    private static async Task<FileOwner> FindOwnerAsync(ApiContext context)
    {
        var collection = context.Schema.Find(context.Values.First) ?? throw ApiException.NotFound();
        var (recordId, name) = (context.Values.Second, context.Values.Third);
        var owner = await FileOwner.FindAsync(context, collection, recordId, name, filter: null);
        if (!owner.Field.IsProtected) return owner;
        var token = QueryParameters.Read(context.Http.Request.QueryString, "token");
        context.Enter("protectedFile");
        context.ActAs(await FileTokens.ResolveAsync(context, token));
        if (context.IsSuperuser) return owner;
        // Whether a file exists is not for those who may not see its record.
        if (collection.ViewRule is null) throw ApiException.NotFound();
        var rule = RuleAccess.Require(context, collection, collection.ViewRule);
        return await FileOwner.FindAsync(context, collection, recordId, name, rule);
    }

    private static async Task SendAsync(ApiContext context, FileStorage storage, FileOwner owner)
    {
        var (collectionId, recordId, name) = owner.File;
        var key = FileKeys.Of(collectionId, recordId, name);
        var file = await storage.FindAsync(key, context.Aborted) ?? throw ApiException.NotFound();
        var shown = name;
        var size = QueryParameters.Read(context.Http.Request.QueryString, "thumb");
        var isThumb = size == DefaultThumb
            || (!string.IsNullOrEmpty(size) && owner.Field.Thumbs?.Contains(size) == true);
        if (isThumb && file.Type.IsImageWithThumbs)
        {
            var thumbKey = FileKeys.ThumbOf(collectionId, recordId, name, size!);
            if (await context.Services.Thumbs.FindAsync(storage, file, thumbKey, size!, context.Aborted) is { } thumb)
                (file, shown) = (thumb, $"{size}_{name}");
        }

        await FileResponse.SendAsync(context.Http, storage, file, shown);
    }
}
