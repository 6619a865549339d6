using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Cluster.Admin;
using Platform.Cluster.Http;
using Platform.Cluster.Tenants;
using Platform.Messages.Tenants;
using Platform.TenantShard.Hosting.Recovery;

namespace Platform.Cluster.Recovery;

/// <summary>The way to a tenant's past, under <c>/api/cp/tenants/{id}</c>: history, rewind, clone.</summary>
internal sealed class RecoveryEndpoints(
    TenantIndex index, TenantRecovery recovery, TenantCloning cloning, RecoveryRequests requests,
    TenantDocuments documents)
{
    public void Map(IEndpointRouteBuilder routes, AdminGuard guard)
    {
        routes.MapGet("/api/cp/tenants/{id}/history", guard.Protect(TenantRoute.To(index, ReadHistoryAsync)));
        routes.MapPost("/api/cp/tenants/{id}/rewind", guard.Protect(TenantRoute.To(index, RewindAsync)));
        routes.MapPost("/api/cp/tenants/{id}/clone", guard.Protect(TenantRoute.To(index, CloneAsync)));
    }

    private async Task ReadHistoryAsync(HttpContext context, TenantDescriptor tenant)
    {
        var (page, perPage, isSnapshotsOnly, problem) = RecoveryRequests.ReadHistory(context.Request.Query);
        if (problem is not null)
        {
            await JsonAnswer.WriteAsync(context, problem);
            return;
        }

        await RecoveryGuard.RunAsync(context, "at", async () =>
        {
            var history = await recovery.ReadHistoryAsync(
                tenant.Id, isSnapshotsOnly, (page - 1L) * perPage, perPage, context.RequestAborted);
            await JsonAnswer.WriteAsync(
                context, StatusCodes.Status200OK, writer => RecoveryJson.Write(writer, history, page, perPage));
        });
    }

    private async Task RewindAsync(HttpContext context, TenantDescriptor tenant)
    {
        var (request, problem) = await requests.ReadRewindAsync(context, tenant.Id);
        if (request is not null && request.Into is null && tenant.Status == TenantStatus.Deleted)
            problem = RegistryProblems.IsDeleted(tenant.Id);
        if (request is null || problem is not null)
        {
            await JsonAnswer.WriteAsync(context, problem!);
            return;
        }

        if (request.Into is not null)
        {
            await CopyAsync(context, tenant, request);
            return;
        }

        await RecoveryGuard.RunAsync(context, request.Field, async () =>
        {
            var rewound = await recovery.RewindAsync(tenant.Id, request.Target, context.RequestAborted);
            await JsonAnswer.WriteAsync(
                context, StatusCodes.Status200OK, writer => RecoveryJson.Write(writer, tenant.Id.Value, rewound));
        });
    }

    private async Task CloneAsync(HttpContext context, TenantDescriptor tenant)
    {
        var (request, problem) = await requests.ReadCloneAsync(context, tenant.Id);
        if (request is null) await JsonAnswer.WriteAsync(context, problem!);
        else await CopyAsync(context, tenant, request);
    }

    private async Task CopyAsync(HttpContext context, TenantDescriptor source, StateRequest request)
    {
        var into = request.Into!.Value;
        if (index.Get(into) is not null)
        {
            await JsonAnswer.WriteAsync(context, RecoveryProblems.IntoTaken(into));
            return;
        }

        await RecoveryGuard.RunAsync(context, request.Field, async () =>
        {
            using var copy = await recovery.PrepareCopyAsync(
                source.Id, request.Target, request.KeepsSecrets, context.RequestAborted);
            var (tenant, problem) = await cloning.RunAsync(source, copy, into, context.RequestAborted);
            if (tenant is null)
            {
                await JsonAnswer.WriteAsync(context, problem!);
                return;
            }

            context.Response.Headers.Location = $"/api/cp/tenants/{into}";
            await documents.WriteAsync(
                context, StatusCodes.Status201Created, tenant,
                writer => RecoveryJson.WriteSource(writer, source.Id.Value, copy));
        });
    }
}
