using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Cluster.Admin;
using Platform.Cluster.Http;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;

namespace Platform.Cluster.Tenants;

/// <summary>The admin API's tenants: <c>/api/cp/tenants</c>.</summary>
internal sealed class TenantEndpoints(
    TenantRegistry registry, TenantIndex index, TenantRequests requests, ITenantProvisioner provisioner,
    TenantPurge purge, TenantDocuments documents)
{
    public void Map(IEndpointRouteBuilder routes, AdminGuard guard)
    {
        routes.MapGet("/api/cp/tenants", guard.Protect(ListAsync));
        routes.MapPost("/api/cp/tenants", guard.Protect(CreateAsync));
        routes.MapGet("/api/cp/tenants/{id}", guard.Protect(GetAsync));
        routes.MapPut("/api/cp/tenants/{id}", guard.Protect(UpdateAsync));
        routes.MapDelete("/api/cp/tenants/{id}", guard.Protect(DeleteAsync));
        routes.MapPost("/api/cp/tenants/{id}/restore", guard.Protect(RestoreAsync));
        routes.MapPost("/api/cp/tenants/{id}/superuser", guard.Protect(PutSuperuserAsync));
    }

    private Task ListAsync(HttpContext context)
    {
        var (query, problem) = TenantRequests.ReadQuery(context.Request.Query);
        return query is null
            ? JsonAnswer.WriteAsync(context, problem!)
            : documents.WritePageAsync(context, query, index.List(query));
    }

    private async Task CreateAsync(HttpContext context)
    {
        var (request, problem) = await requests.ReadCreateAsync(context);
        if (request is null)
        {
            await JsonAnswer.WriteAsync(context, problem!);
            return;
        }

        var (tenant, refused) = await registry.CreateAsync(request.Draft, context.RequestAborted);
        if (tenant is null)
        {
            await JsonAnswer.WriteAsync(context, refused!);
            return;
        }

        // The tenant exists now: a client that goes away must not leave it without its superuser.
        if (request.Superuser is { } account
            && await provisioner.CreateSuperuserAsync(tenant.Id, account, CancellationToken.None) is { } failed)
        {
            await JsonAnswer.WriteAsync(context, failed with { Message = SuperuserMissing(tenant.Id, failed.Message) });
            return;
        }

        context.Response.Headers.Location = $"/api/cp/tenants/{tenant.Id}";
        await documents.WriteAsync(context, StatusCodes.Status201Created, tenant);
    }

    private async Task GetAsync(HttpContext context)
    {
        if (Find(context) is not { } record)
        {
            await RefuseUnknownAsync(context);
            return;
        }

        var tenant = record.Descriptor;
        var storage = tenant.Status == TenantStatus.Deleted
            ? null
            : await provisioner.FindStorageAsync(tenant.Id, context.RequestAborted);
        await documents.WriteAsync(
            context, StatusCodes.Status200OK, tenant, writer => TenantJson.WriteStorage(writer, storage));
    }

    private async Task UpdateAsync(HttpContext context)
    {
        if (Find(context) is not { } record)
        {
            await RefuseUnknownAsync(context);
            return;
        }

        var (change, problem) = await requests.ReadUpdateAsync(context, record.Descriptor.Id);
        if (change is null) await JsonAnswer.WriteAsync(context, problem!);
        else
            await ChangeAsync(
                context, await registry.ChangeAsync(record.Descriptor.Id, change, context.RequestAborted));
    }

    private async Task DeleteAsync(HttpContext context)
    {
        var (isPurge, mistaken) = TenantRequests.ReadPurge(context.Request.Query);
        if (mistaken is not null || isPurge)
        {
            await PurgeAsync(context, mistaken);
            return;
        }

        if (Find(context) is not { } record)
        {
            await RefuseUnknownAsync(context);
            return;
        }

        var (tenant, problem) = await registry.DeleteAsync(record.Descriptor.Id, context.RequestAborted);
        if (tenant is null)
        {
            await JsonAnswer.WriteAsync(context, problem!);
            return;
        }

        await provisioner.EvictAsync(tenant.Id);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>Not by the index: a purge that was cut off is finished when it is asked for again.</summary>
    private async Task PurgeAsync(HttpContext context, ApiProblem? mistaken)
    {
        var text = (string?)context.Request.RouteValues["id"] ?? "";
        var problem = mistaken ?? (TenantId.TryParse(text, out var id)
            ? await purge.PurgeAsync(id, context.RequestAborted)
            : RegistryProblems.Unknown(text));
        if (problem is not null) await JsonAnswer.WriteAsync(context, problem);
        else context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task RestoreAsync(HttpContext context)
    {
        if (Find(context) is not { } record) await RefuseUnknownAsync(context);
        else await ChangeAsync(context, await registry.RestoreAsync(record.Descriptor.Id, context.RequestAborted));
    }

    private async Task PutSuperuserAsync(HttpContext context)
    {
        if (Find(context) is not { } record)
        {
            await RefuseUnknownAsync(context);
            return;
        }

        var (account, problem) = await requests.ReadSuperuserAsync(context);
        if (record.Descriptor.Status == TenantStatus.Deleted)
            problem = RegistryProblems.IsDeleted(record.Descriptor.Id);
        if (account is not null && problem is null)
            problem = await provisioner.CreateSuperuserAsync(record.Descriptor.Id, account, context.RequestAborted);
        if (problem is not null) await JsonAnswer.WriteAsync(context, problem);
        else context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>Durability and quotas are read when a tenant is opened, so a changed one is opened anew.</summary>
    private async Task ChangeAsync(HttpContext context, RegistryAnswer answer)
    {
        if (answer.Tenant is not { } tenant)
        {
            await JsonAnswer.WriteAsync(context, answer.Problem!);
            return;
        }

        await provisioner.EvictAsync(tenant.Id);
        await documents.WriteAsync(context, StatusCodes.Status200OK, tenant);
    }

    private TenantRecord? Find(HttpContext context) =>
        TenantId.TryParse((string?)context.Request.RouteValues["id"], out var id) ? index.Get(id) : null;

    private static string SuperuserMissing(TenantId id, string reason) =>
        $"The tenant was created, but not its superuser: {reason} Try again: POST /api/cp/tenants/{id}/superuser";

    private static Task RefuseUnknownAsync(HttpContext context) => JsonAnswer.WriteAsync(
        context, RegistryProblems.Unknown((string?)context.Request.RouteValues["id"] ?? ""));
}
