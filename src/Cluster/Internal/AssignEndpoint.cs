using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Cluster.Coordinator;
using Platform.Cluster.Http;
using Platform.Cluster.Store;
using Platform.Messages.Identity;

namespace Platform.Cluster.Internal;

/// <summary><c>POST /internal/assign</c>: the coordinator's answer to "who owns this tenant?".</summary>
internal sealed class AssignEndpoint(
    CoordinatorElection election, TenantAssignments assignments, CoordinatorMetrics metrics)
{
    public const string Path = "/internal/assign";

    private const int BodyBytesMax = 1024;

    public void Map(IEndpointRouteBuilder routes, InternalGuard guard) =>
        routes.MapPost(Path, guard.Protect(AssignAsync));

    /// <summary>For callers in this process; null: not the coordinator, or no node.</summary>
    public async Task<AssignAnswer?> AssignAsync(TenantId tenant, long knownEpoch, CancellationToken cancellationToken)
    {
        if (election.Term is not { } term) return null;
        var answer = await assignments.AssignAsync(term, tenant, knownEpoch, cancellationToken);
        if (answer is not null) metrics.Assigned();
        return answer;
    }

    private async Task AssignAsync(HttpContext context)
    {
        var (document, problem) = await JsonBody.ReadAsync(context, BodyBytesMax);
        if (document is null)
        {
            await JsonAnswer.WriteAsync(context, problem!);
            return;
        }

        using var body = document;
        if (!TryRead(body, out var tenant, out var knownEpoch))
        {
            await JsonAnswer.WriteAsync(context, new ApiProblem(400, "The request names no tenant."));
            return;
        }

        try
        {
            await AnswerAsync(context, tenant, knownEpoch);
        }
        catch (Exception failure) when (failure is CoordinatorReplacedException or ClusterStoreException)
        {
            await RefuseAsync(context, 503, "The coordinator cannot decide at the moment.");
        }
    }

    private async Task AnswerAsync(HttpContext context, TenantId tenant, long knownEpoch)
    {
        if (election.Term is null) await RefuseAsync(context, 409, "This process is not the coordinator.");
        else if (await AssignAsync(tenant, knownEpoch, context.RequestAborted) is { } answer)
            await JsonAnswer.WriteAsync(context, 200, writer =>
                JsonSerializer.Serialize(writer, answer, CoordinatorJson.Default.AssignAnswer));
        else await RefuseAsync(context, 503, "No node can take the tenant at the moment.");
    }

    private static bool TryRead(JsonDocument body, out TenantId tenant, out long knownEpoch)
    {
        tenant = default;
        knownEpoch = 0;
        try
        {
            var request = body.Deserialize(CoordinatorJson.Default.AssignRequest);
            knownEpoch = request?.KnownEpoch ?? 0;
            return TenantId.TryParse(request?.Tenant, out tenant);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string message) =>
        JsonAnswer.WriteAsync(context, new ApiProblem(status, message) { RetryAfterSeconds = 1 });
}
