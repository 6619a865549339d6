using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Cluster.Http;
using Platform.Cluster.Membership;
using Platform.Cluster.Tenants;
using Platform.Messages.Identity;

namespace Platform.Cluster.Internal;

/// <summary>What the control plane asks of the owner of a tenant: <c>POST /internal/tenants/{id}/...</c>.</summary>
internal sealed class NodeTenantEndpoints(ShardTenants tenants, ReleasedTenants released)
{
    private const int BodyBytesMax = 16 * 1024;

    public static Uri UrlOf(Uri node, TenantId tenant, string verb) => new(node, $"/internal/tenants/{tenant}/{verb}");

    public void Map(IEndpointRouteBuilder routes, InternalGuard guard)
    {
        routes.MapPost("/internal/tenants/{id}/superuser", guard.Protect(context => RunAsync(context, PutSuperuserAsync)));
        routes.MapPost("/internal/tenants/{id}/storage", guard.Protect(FindStorageAsync));
        routes.MapPost("/internal/tenants/{id}/close", guard.Protect(context => RunAsync(context, CloseAsync)));
        routes.MapPost("/internal/tenants/{id}/release", guard.Protect(context => RunAsync(context, ReleaseAsync)));
        routes.MapPost("/internal/tenants/{id}/resume", guard.Protect(context => RunAsync(context, ResumeAsync)));
    }

    private async Task FindStorageAsync(HttpContext context)
    {
        var storage = TenantId.TryParse((string?)context.Request.RouteValues["id"], out var tenant)
            ? await tenants.FindStorageAsync(tenant, context.RequestAborted)
            : null;
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            TenantJson.WriteStorage(writer, storage);
            writer.WriteEndObject();
        });
    }

    private static async Task RunAsync(
        HttpContext context, Func<TenantId, TenantCommand, CancellationToken, Task<ApiProblem?>> run)
    {
        var (document, problem) = await JsonBody.ReadAsync(context, BodyBytesMax);
        if (document is not null)
        {
            using var body = document;
            problem = TenantId.TryParse((string?)context.Request.RouteValues["id"], out var tenant)
                && Read(body) is { } command
                    ? await run(tenant, command, context.RequestAborted)
                    : new ApiProblem(400, "The call cannot be read.");
        }

        if (problem is not null) await JsonAnswer.WriteAsync(context, problem);
        else context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private Task<ApiProblem?> PutSuperuserAsync(TenantId tenant, TenantCommand command, CancellationToken aborted) =>
        tenants.CreateSuperuserAsync(tenant, new SuperuserAccount(command.Email, command.Password), aborted);

    private async Task<ApiProblem?> CloseAsync(TenantId tenant, TenantCommand command, CancellationToken aborted)
    {
        await tenants.EvictAsync(tenant);
        return null;
    }

    /// <summary>
    /// Lets go of a tenant that is about to move: nothing is opened under this epoch any more, and what is open is
    /// stored and closed when this answers.
    /// </summary>
    private async Task<ApiProblem?> ReleaseAsync(TenantId tenant, TenantCommand command, CancellationToken aborted)
    {
        released.Add(tenant, command.Epoch);
        await tenants.EvictAsync(tenant);
        return null;
    }

    private Task<ApiProblem?> ResumeAsync(TenantId tenant, TenantCommand command, CancellationToken aborted)
    {
        released.Remove(tenant);
        return Task.FromResult<ApiProblem?>(null);
    }

    private static TenantCommand? Read(JsonDocument body)
    {
        try
        {
            return body.Deserialize(InternalJson.Default.TenantCommand);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
