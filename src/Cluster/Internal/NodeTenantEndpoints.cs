using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Cluster.Http;
using Platform.Cluster.Membership;
using Platform.Cluster.Tenants;
using Platform.Messages.Identity;
using Platform.TenantShard.Hosting;

namespace Platform.Cluster.Internal;

/// <summary>What the control plane asks of the owner of a tenant: <c>POST /internal/tenants/{id}/...</c>.</summary>
internal sealed class NodeTenantEndpoints(ShardTenants tenants, ReleasedTenants released)
{
    private const int BodyBytesMax = 16 * 1024;

    /// <summary>Longer than the coordinator waits for the answer.</summary>
    private static readonly TimeSpan ReleasePatience = TimeSpan.FromSeconds(40);

    private delegate Task<(ApiProblem? Problem, TenantAnswer? Answer)> Verb(
        TenantId tenant, TenantCommand command, CancellationToken aborted);

    /// <summary>
    /// From the end of a release: the coordinator writes the route within less, or not at all. A node whose coordinator
    /// has died serves the tenant again after it.
    /// </summary>
    public static TimeSpan HandOffPatience { get; } = TimeSpan.FromSeconds(5);

    public static Uri UrlOf(Uri node, TenantId tenant, string verb) => new(node, $"/internal/tenants/{tenant}/{verb}");

    public void Map(IEndpointRouteBuilder routes, InternalGuard guard)
    {
        routes.MapPost("/internal/tenants/{id}/storage", guard.Protect(FindStorageAsync));
        Map("superuser", PutSuperuserAsync);
        Map("close", CloseAsync);
        Map("state", FindStateAsync);
        Map("prepare", PrepareAsync);
        Map("release", ReleaseAsync);
        Map("resume", ResumeAsync);
        Map("open", OpenAsync);

        void Map(string name, Verb verb) =>
            routes.MapPost($"/internal/tenants/{{id}}/{name}", guard.Protect(context => RunAsync(context, verb)));
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

    private static async Task RunAsync(HttpContext context, Verb verb)
    {
        var (document, problem) = await JsonBody.ReadAsync(context, BodyBytesMax);
        TenantAnswer? answer = null;
        if (document is not null)
        {
            using var body = document;
            (problem, answer) = TenantId.TryParse((string?)context.Request.RouteValues["id"], out var tenant)
                && Read(body) is { } command
                    ? await RunAsync(verb, tenant, command, context.RequestAborted)
                    : (new ApiProblem(400, "The call cannot be read."), null);
        }

        if (problem is not null) await JsonAnswer.WriteAsync(context, problem);
        else if (answer is not null)
            await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, writer =>
                JsonSerializer.Serialize(writer, answer, InternalJson.Default.TenantAnswer));
        else context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task<(ApiProblem? Problem, TenantAnswer? Answer)> RunAsync(
        Verb verb, TenantId tenant, TenantCommand command, CancellationToken aborted)
    {
        try
        {
            return await verb(tenant, command, aborted);
        }
        catch (ShardRequestException refused)
        {
            return (ShardTenants.ProblemOf(refused), null);
        }
    }

    private async Task<(ApiProblem?, TenantAnswer?)> PutSuperuserAsync(
        TenantId tenant, TenantCommand command, CancellationToken aborted) => (
        await tenants.CreateSuperuserAsync(tenant, new SuperuserAccount(command.Email, command.Password), aborted), null);

    private async Task<(ApiProblem?, TenantAnswer?)> CloseAsync(
        TenantId tenant, TenantCommand command, CancellationToken aborted)
    {
        await tenants.EvictAsync(tenant);
        return default;
    }

    private Task<(ApiProblem?, TenantAnswer?)> FindStateAsync(
        TenantId tenant, TenantCommand command, CancellationToken aborted)
    {
        var state = released.Contains(tenant, command.Epoch) ? "moving" : tenants.Moves.StateOf(tenant);
        return Task.FromResult<(ApiProblem?, TenantAnswer?)>((null, new TenantAnswer { State = state }));
    }

    private async Task<(ApiProblem?, TenantAnswer?)> PrepareAsync(
        TenantId tenant, TenantCommand command, CancellationToken aborted)
    {
        await tenants.Moves.PrepareAsync(tenant, aborted);
        return default;
    }

    /// <summary>
    /// Lets go of a tenant that is about to move: nothing new is served under this epoch, and everything that was
    /// written is in object storage when this answers. Whatever goes wrong, the tenant is served here again.
    /// </summary>
    private async Task<(ApiProblem?, TenantAnswer?)> ReleaseAsync(
        TenantId tenant, TenantCommand command, CancellationToken aborted)
    {
        await tenants.Moves.ShipAsync(tenant, aborted);
        released.Hold(tenant, command.Epoch, ReleasePatience);
        var isReleased = false;
        try
        {
            var wasOpen = await tenants.Moves.ReleaseAsync(tenant, aborted);
            released.Hold(tenant, command.Epoch, HandOffPatience);
            isReleased = true;
            return (null, new TenantAnswer { WasOpen = wasOpen });
        }
        finally
        {
            if (!isReleased) released.Remove(tenant);
        }
    }

    private Task<(ApiProblem?, TenantAnswer?)> ResumeAsync(
        TenantId tenant, TenantCommand command, CancellationToken aborted)
    {
        released.Remove(tenant);
        return Task.FromResult<(ApiProblem?, TenantAnswer?)>(default);
    }

    private async Task<(ApiProblem?, TenantAnswer?)> OpenAsync(
        TenantId tenant, TenantCommand command, CancellationToken aborted)
    {
        await tenants.Moves.OpenAsync(tenant, aborted);
        return default;
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
