using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Cluster.Admin;
using Platform.Cluster.Coordinator;
using Platform.Cluster.Http;
using Platform.Cluster.Internal;
using Platform.Cluster.Membership;
using Platform.Cluster.Modes;
using Platform.Messages.Identity;

namespace Platform.Cluster.Tenants;

/// <summary>
/// Where tenants are, and how they are moved: <c>GET /api/cp/tenants/{id}/location</c>,
/// <c>POST /api/cp/tenants/{id}/migrate</c>. Any control plane may be asked; the coordinator does it.
/// </summary>
internal sealed class MigrationEndpoints(
    TenantMigration migration, ClusterParts cluster, NodeCalls calls, TenantIndex tenants, int bodyBytesMax)
{
    private const string InternalPath = "/internal/migrate";

    /// <summary>The coordinator's own limits are shorter.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromHours(1);

    public void Map(IEndpointRouteBuilder routes, AdminGuard admins, InternalGuard processes)
    {
        routes.MapPost("/api/cp/tenants/{id}/migrate", admins.Protect(MigrateAsync));
        routes.MapGet("/api/cp/tenants/{id}/location", admins.Protect(LocateAsync));
        routes.MapPost(InternalPath, processes.Protect(MigrateForAnotherAsync));
    }

    private async Task MigrateAsync(HttpContext context)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        var (node, problem) = await ReadAsync(context);
        problem ??= migration.RefuseTenant(id);
        if (problem is not null) await JsonAnswer.WriteAsync(context, problem);
        else if (migration.IsHere) await MigrateHereAsync(context, TenantId.Parse(id), node);
        else await MigrateThereAsync(context, id, node);
    }

    private async Task MigrateForAnotherAsync(HttpContext context)
    {
        var (document, problem) = await JsonBody.ReadAsync(context, bodyBytesMax);
        using var body = document;
        var request = document is null ? null : Read(document);
        problem ??= request is null ? new ApiProblem(400, "The call cannot be read.") : migration.RefuseTenant(request.Tenant);
        if (problem is not null) await JsonAnswer.WriteAsync(context, problem);
        else await MigrateHereAsync(context, TenantId.Parse(request!.Tenant), request.Node);
    }

    private async Task MigrateHereAsync(HttpContext context, TenantId tenant, string? node)
    {
        var (move, outcome, problem) = await migration.MigrateAsync(tenant, node, context.RequestAborted);
        if (problem is not null)
        {
            await JsonAnswer.WriteAsync(context, problem);
            return;
        }

        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("tenant", tenant.Value);
            writer.WriteString("from", move.From.Length > 0 ? move.From : null);
            writer.WriteString("to", move.To);
            writer.WriteNumber("epoch", outcome!.Epoch);
            writer.WriteNumber("prepareMilliseconds", Math.Round(outcome.Prepare.TotalMilliseconds, 1));
            writer.WriteNumber("pauseMilliseconds", Math.Round(outcome.Pause.TotalMilliseconds, 1));
            writer.WriteNumber("totalMilliseconds", Math.Round(outcome.Total.TotalMilliseconds, 1));
            writer.WriteEndObject();
        });
    }

    private async Task MigrateThereAsync(HttpContext context, string tenant, string? node)
    {
        if (cluster.Office.Current is not { } coordinator)
        {
            await JsonAnswer.WriteAsync(context, MigrationProblems.NoCoordinator);
            return;
        }

        try
        {
            var (status, body) = await cluster.Client.PostAsync(
                new Uri(new Uri(coordinator.Address), InternalPath), new MigrateRequest { Tenant = tenant, Node = node },
                InternalJson.Default.MigrateRequest, AnswerTimeout, context.RequestAborted);
            using var answer = JsonDocument.Parse(body);
            if (status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = "1";
            await JsonAnswer.WriteAsync(context, status, answer.RootElement.WriteTo);
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException)
        {
            await JsonAnswer.WriteAsync(context, MigrationProblems.NoAnswer);
        }
    }

    private async Task LocateAsync(HttpContext context)
    {
        var text = (string)context.Request.RouteValues["id"]!;
        if (!TenantId.TryParse(text, out var tenant) || tenants.Get(tenant) is null)
        {
            await JsonAnswer.WriteAsync(context, RegistryProblems.Unknown(text));
            return;
        }

        var route = cluster.Routes.TryFind(tenant, out var found) ? found : null;
        var node = route is null ? null : cluster.Nodes.Find(route.Node);
        var state = await StateOfAsync(tenant, route, node, context.RequestAborted);
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("tenant", tenant.Value);
            writer.WriteString("node", route?.Node);
            writer.WriteString("state", state);
            writer.WriteString("since", route?.Document.Since is { } since ? TenantJson.Format(since) : null);
            writer.WriteString("reason", route?.Document.Reason);
            writer.WriteString("address", node?.Address);
            writer.WriteString("zone", node?.Zone);
            writer.WriteNumber("epoch", route?.Epoch ?? 0);
            writer.WriteEndObject();
        });
    }

    private async Task<string> StateOfAsync(
        TenantId tenant, ShardRoute? route, NodeState? node, CancellationToken cancellationToken)
    {
        if (migration.IsUnderWay(tenant)) return "moving";
        if (route is null) return "unassigned";
        if (node?.Document is null) return "down";
        var (refusal, answer) = await calls.StateAsync(route.Node, tenant, route.Epoch, cancellationToken);
        return refusal is null && answer is not null ? answer.State : "unreachable";
    }

    private async Task<(string? Node, ApiProblem? Problem)> ReadAsync(HttpContext context)
    {
        var (document, problem) = await JsonBody.ReadAsync(context, bodyBytesMax);
        if (document is null) return (null, problem);
        using (document)
        {
            var fields = new JsonFields(document.RootElement, "node");
            var node = fields.Text("node");
            if (node is "") fields.Refuse("node", "validation_required", "Must name a node; leave it out to have one chosen.");
            return fields.Problems.Count == 0
                ? (node, null)
                : (null, ApiProblem.OfFields(fields.Problems));
        }
    }

    private static MigrateRequest? Read(JsonDocument body)
    {
        try
        {
            return body.Deserialize(InternalJson.Default.MigrateRequest);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
