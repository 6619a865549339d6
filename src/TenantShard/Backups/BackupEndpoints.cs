using System.Text.Json;
using Platform.TenantShard.Auth;
using Platform.TenantShard.ClientAddresses;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Files.Forms;
using Platform.TenantShard.Files.Serving;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Backups;

/// <summary>The endpoints under <c>/api/backups</c>, for superusers.</summary>
internal static class BackupEndpoints
{
    private const string One = "/api/backups/{key}";
    private const string Invalid = "Backup file name is invalid or already exists.";

    public static void Map(RouteTable routes)
    {
        routes.Map("GET", "/api/backups", ListAsync);
        routes.Map("POST", "/api/backups", CreateAsync);
        routes.Map("POST", "/api/backups/upload", UploadAsync);
        routes.Map("GET", One, DownloadAsync);
        routes.Map("DELETE", One, DeleteAsync);
        routes.Map("POST", One + "/restore", RestoreAsync);
    }

    private static async Task ListAsync(ApiContext context)
    {
        var vault = Require(context);
        using var place = await EnterAsync(context);
        var backups = await vault.ListAsync(place, context.Aborted);
        var newestFirst = backups.OrderByDescending(static backup => backup.Modified);
        await CollectionResponse.SendAsync(context, newestFirst, static (writer, backups) =>
        {
            writer.WriteStartArray();
            foreach (var backup in backups) Write(writer, backup);
            writer.WriteEndArray();
        });
    }

    private static async Task CreateAsync(ApiContext context)
    {
        var vault = Require(context);
        var form = new FormReader(await context.ReadBodyAsync());
        var name = form.Optional("name");
        if (name.Length > 0 && !BackupKey.IsValid(name))
            form.Errors.Add("name", new FieldError("validation_match_invalid", "Must be in a valid format."));
        form.ThrowIfAny();
        var tenant = context.Shard.Tenant;
        using var turn = context.Services.BackupTurns.Enter(tenant);
        using var place = await EnterAsync(context);
        var key = name.Length > 0 ? name : BackupKey.At(context.Shard.Clock.GetUtcNow());
        if (!await vault.CreateAsync(place, key, context.Aborted)) throw Taken("name");
        JsonResponse.SendNoContent(context.Http);
    }

    private static async Task UploadAsync(ApiContext context)
    {
        var vault = Require(context);
        await context.ReadBodyAsync(context.Services.Options.BackupBytesMax);
        var file = context.BodyFiles.FirstOrDefault(static file => file.Key == "file")
            ?? throw Refuse("file", "validation_required", "Cannot be blank.");
        if (file.Type.Mime != "application/zip")
            throw Refuse(
                "file", "validation_invalid_mime_type",
                $"\"{file.OriginalName}\" mime type must be one of: application/zip.");
        var key = file.OriginalName;
        if (!BackupKey.IsValid(key))
            throw Refuse("file", "validation_match_invalid", "The name must be of a-z, 0-9, - and _, and end in .zip.");
        if (!await StoreAsync(context, vault, key, file)) throw Taken("file");
        JsonResponse.SendNoContent(context.Http);
    }

    private static async Task<bool> StoreAsync(ApiContext context, IBackupVault vault, string key, UploadedFile file)
    {
        using var place = await EnterAsync(context);
        if (file.Path is { } spooled) return await vault.StoreAsync(place, key, spooled, context.Aborted);
        // A small one was never on the disk.
        var folder = context.Tenant.Files!.Storage.SpoolFolder;
        var path = Path.Combine(Directory.CreateDirectory(folder).FullName, Path.GetRandomFileName());
        try
        {
            await File.WriteAllBytesAsync(path, file.Content, context.Aborted);
            return await vault.StoreAsync(place, key, path, context.Aborted);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>A link: the proof is a file token in its query.</summary>
    private static async Task DownloadAsync(ApiContext context)
    {
        var vault = context.Services.Backups ?? throw ApiException.NotFound();
        var token = QueryParameters.Read(context.Http.Request.QueryString, "token");
        context.ActAs(await FileTokens.ResolveAsync(context, token));
        if (!context.IsSuperuser)
            throw ApiException.Forbidden("Insufficient permissions to access the resource.");
        SuperuserAddresses.Require(context);
        var key = context.Values.First;
        using var place = await EnterAsync(context);
        var content = BackupKey.IsValid(key) ? await vault.OpenAsync(place, key, context.Aborted) : null;
        await using var stream = content ?? throw ApiException.NotFound();
        var response = context.Http.Response;
        response.ContentType = "application/zip";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentDisposition = $"attachment; filename={key}";
        if (!Microsoft.AspNetCore.Http.HttpMethods.IsHead(context.Http.Request.Method))
            await stream.CopyToAsync(response.Body, context.Aborted);
    }

    private static async Task DeleteAsync(ApiContext context)
    {
        var vault = Require(context);
        using var place = await EnterAsync(context);
        var key = await FindAsync(context, vault, place, "Invalid or already deleted backup file.");
        using var turn = context.Services.BackupTurns.Enter(context.Shard.Tenant);
        await vault.DeleteAsync(place, key, context.Aborted);
        JsonResponse.SendNoContent(context.Http);
    }

    private static async Task RestoreAsync(ApiContext context)
    {
        var vault = Require(context);
        using var place = await EnterAsync(context);
        var key = await FindAsync(context, vault, place, "Missing or invalid backup file.");
        var tenant = context.Shard.Tenant;
        using var turn = context.Services.BackupTurns.Enter(tenant);
        // The shard is closed for it, which waits for its requests: this one does not count.
        using (context.Shard.Rest())
        {
            if (!await vault.RestoreAsync(place, key, context.Aborted))
                throw ApiException.BadRequest("Missing or invalid backup file.");
        }

        JsonResponse.SendNoContent(context.Http);
    }

    private static IBackupVault Require(ApiContext context)
    {
        RequireAuth.Superuser(context);
        return context.Services.Backups ?? throw ApiException.BadRequest("Failed to load backups filesystem.");
    }

    private static Task<BackupPlace> EnterAsync(ApiContext context) =>
        BackupPlace.OpenAsync(context.Tenant, context.Services, context.Aborted);

    private static async Task<string> FindAsync(
        ApiContext context, IBackupVault vault, BackupPlace place, string failure)
    {
        var key = context.Values.First;
        if (BackupKey.IsValid(key))
            foreach (var backup in await vault.ListAsync(place, context.Aborted))
                if (backup.Key == key) return key;
        throw ApiException.BadRequest(failure);
    }

    private static void Write(Utf8JsonWriter writer, StoredBackup backup)
    {
        writer.WriteStartObject();
        writer.WriteString("key"u8, backup.Key);
        writer.WriteString("modified"u8, StoredDate.Format(backup.Modified));
        writer.WriteNumber("size"u8, backup.Bytes);
        writer.WriteEndObject();
    }

    private static ApiException Taken(string field) => Refuse(field, "validation_backup_name_exists", Invalid);

    private static ApiException Refuse(string field, string code, string reason) =>
        ApiException.BadField(AuthEndpoints.Invalid, field, code, reason);
}
