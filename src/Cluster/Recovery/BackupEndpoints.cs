using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Cluster.Admin;
using Platform.Cluster.Http;
using Platform.Cluster.Tenants;
using Platform.Messages.Tenants;
using Platform.TenantShard.Hosting.Recovery;

namespace Platform.Cluster.Recovery;

/// <summary>The admin API's backups: <c>/api/cp/tenants/{id}/backups</c>.</summary>
internal sealed class BackupEndpoints(
    TenantIndex index, TenantBackups backups, RecoveryRequests requests, TimeProvider time)
{
    private const string Path = "/api/cp/tenants/{id}/backups";

    public void Map(IEndpointRouteBuilder routes, AdminGuard guard)
    {
        routes.MapGet(Path, guard.Protect(TenantRoute.To(index, ListAsync)));
        routes.MapPost(Path, guard.Protect(TenantRoute.To(index, CreateAsync)));
        routes.MapGet(Path + "/{name}", guard.Protect(TenantRoute.To(index, DownloadAsync)));
        routes.MapDelete(Path + "/{name}", guard.Protect(TenantRoute.To(index, DeleteAsync)));
    }

    private Task ListAsync(HttpContext context, TenantDescriptor tenant) => GuardAsync(context, async () =>
    {
        var found = await backups.ListAsync(tenant.Id, context.RequestAborted);
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, writer => RecoveryJson.Write(writer, found));
    });

    private async Task CreateAsync(HttpContext context, TenantDescriptor tenant)
    {
        var (request, problem) = await requests.ReadBackupAsync(context);
        if (request is null)
        {
            await JsonAnswer.WriteAsync(context, problem!);
            return;
        }

        await RecoveryGuard.RunAsync(context, request.Field, async () =>
        {
            var name = request.Name ?? BackupName.At(time.GetUtcNow());
            if (await backups.CreateAsync(tenant.Id, name, request.Target, context.RequestAborted) is not { } created)
            {
                await JsonAnswer.WriteAsync(context, RecoveryProblems.NameTaken(name));
                return;
            }

            context.Response.Headers.Location = $"/api/cp/tenants/{tenant.Id}/backups/{name}";
            await JsonAnswer.WriteAsync(
                context, StatusCodes.Status201Created, writer => RecoveryJson.Write(writer, created));
        });
    }

    private Task DownloadAsync(HttpContext context, TenantDescriptor tenant) => GuardAsync(context, async () =>
    {
        if (await FindAsync(context, tenant) is not { } backup) return;
        await using var content = await backups.OpenAsync(tenant.Id, backup.Name, context.RequestAborted);
        if (content is null)
        {
            await JsonAnswer.WriteAsync(context, RecoveryProblems.UnknownBackup(backup.Name));
            return;
        }

        var response = context.Response;
        response.ContentType = "application/zip";
        response.ContentLength = backup.Bytes;
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentDisposition = $"attachment; filename=\"{tenant.Id}-{backup.Name}\"";
        await content.CopyToAsync(response.Body, context.RequestAborted);
    });

    private Task DeleteAsync(HttpContext context, TenantDescriptor tenant) => GuardAsync(context, async () =>
    {
        if (await FindAsync(context, tenant) is not { } backup) return;
        await backups.DeleteAsync(tenant.Id, backup.Name, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    });

    /// <summary>The backup that the path names; null when there is none, which is answered.</summary>
    private async Task<BackupEntry?> FindAsync(HttpContext context, TenantDescriptor tenant)
    {
        var text = (string?)context.Request.RouteValues["name"] ?? "";
        var backup = BackupName.TryParse(text, out var name)
            ? await backups.FindAsync(tenant.Id, name, context.RequestAborted)
            : null;
        if (backup is null) await JsonAnswer.WriteAsync(context, RecoveryProblems.UnknownBackup(text));
        return backup;
    }

    private static Task GuardAsync(HttpContext context, Func<Task> handle) =>
        RecoveryGuard.RunAsync(context, "name", handle);
}
