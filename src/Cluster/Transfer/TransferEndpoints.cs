using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Cluster.Admin;
using Platform.Cluster.Http;
using Platform.Cluster.Recovery;
using Platform.Cluster.Tenants;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.Replication.Ltx;
using Platform.TenantShard.Hosting.Recovery;
using Platform.TenantShard.PocketBaseData;

namespace Platform.Cluster.Transfer;

/// <summary>PocketBase data in and out: <c>/api/cp/tenants/{id}/import</c> and <c>/export</c>.</summary>
internal sealed class TransferEndpoints(
    TenantIndex index, TenantRecovery recovery, TenantImporting importing, TenantDocuments documents)
{
    public void Map(IEndpointRouteBuilder routes, AdminGuard guard)
    {
        routes.MapPost("/api/cp/tenants/{id}/import", guard.Protect(ImportAsync));
        routes.MapGet("/api/cp/tenants/{id}/export", guard.Protect(TenantRoute.To(index, ExportAsync)));
    }

    private async Task ImportAsync(HttpContext context)
    {
        var (request, problem) = ImportRequest.Read(context.Request);
        problem ??= ImportRequest.Allow(context, recovery.Imports.Limits.UploadBytesMax);
        if (problem is not null)
        {
            await JsonAnswer.WriteAsync(context, problem);
            return;
        }

        try
        {
            await RecoveryGuard.RunAsync(context, "replace", () => ImportAsync(context, request!));
        }
        catch (ImportRefusedException refused)
        {
            await JsonAnswer.WriteAsync(context, TransferProblems.Refused(refused));
        }
    }

    private async Task ImportAsync(HttpContext context, ImportRequest request)
    {
        var present = index.Get(request.Tenant)?.Descriptor;

        // One that failed may be gone already; the registry knows.
        if (present is not null && TenantReservations.IsReservation(present)) present = null;
        if (await FindRefusalAsync(present, request, context.RequestAborted) is { } refusal)
        {
            await JsonAnswer.WriteAsync(context, refusal);
            return;
        }

        using var import = await recovery.Imports.StageAsync(context.Request.Body, context.RequestAborted);
        if (present is null) await CreateAsync(context, import, request.Tenant);
        else await ReplaceAsync(context, import, present);
    }

    private async Task<ApiProblem?> FindRefusalAsync(
        TenantDescriptor? present, ImportRequest request, CancellationToken cancellationToken)
    {
        if (present is null) return null;
        if (present.Status == TenantStatus.Deleted) return RegistryProblems.IsDeleted(present.Id);
        return !request.Replaces && await recovery.Imports.HasDataAsync(present.Id, cancellationToken)
            ? TransferProblems.HasData(present.Id)
            : null;
    }

    private async Task CreateAsync(HttpContext context, StagedImport import, TenantId id)
    {
        var (tenant, problem) = await importing.RunAsync(import, id, context.RequestAborted);
        if (tenant is null)
        {
            await JsonAnswer.WriteAsync(context, problem!);
            return;
        }

        context.Response.Headers.Location = $"/api/cp/tenants/{id}";
        await documents.WriteAsync(
            context, StatusCodes.Status201Created, tenant,
            writer => ImportJson.Write(writer, import.Report, Txid.None));
    }

    private async Task ReplaceAsync(HttpContext context, StagedImport import, TenantDescriptor tenant)
    {
        var bytes = import.Report.DatabaseBytes + import.Report.FileBytes;
        if (tenant.Quotas.StorageBytesMax is { } limit && bytes > limit)
        {
            await JsonAnswer.WriteAsync(context, TransferProblems.OverQuota(tenant.Id, bytes, limit));
            return;
        }

        var before = await recovery.Imports.ReplaceAsync(import, tenant.Id, context.RequestAborted);
        await documents.WriteAsync(
            context, StatusCodes.Status200OK, tenant, writer => ImportJson.Write(writer, import.Report, before));
    }

    private Task ExportAsync(HttpContext context, TenantDescriptor tenant) => RecoveryGuard.RunAsync(
        context, "id", async () =>
        {
            using var export = await recovery.Exports.CreateAsync(tenant.Id, context.RequestAborted);
            await using var content = export.OpenRead();
            var response = context.Response;
            response.ContentType = "application/zip";
            response.ContentLength = export.Bytes;
            response.Headers.CacheControl = "no-store";
            response.Headers.ContentDisposition = $"attachment; filename=\"{tenant.Id}-pb_data.zip\"";
            await content.CopyToAsync(response.Body, context.RequestAborted);
        });
}
