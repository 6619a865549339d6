using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Http;
using Platform.Cluster.Internal;
using Platform.Gateway.Owners;
using Platform.Messages.Identity;
using Platform.TenantShard.Hosting;

namespace Platform.Cluster.Tenants;

/// <summary>The tenants of a cluster for its control plane: asks the owner of each, placing it first if need be.</summary>
internal sealed partial class RemoteTenants(
    ITenantOwners owners, InternalClient client, TimeProvider time, ILogger<RemoteTenants> logger) : ITenantProvisioner
{
    /// <summary>For a node that has not heard yet of a tenant or its route.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>An operator who looks at a tenant of a frozen node still sees all but its size.</summary>
    private static readonly TimeSpan StorageWait = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public async Task<ApiProblem?> CreateSuperuserAsync(
        TenantId tenant, SuperuserAccount account, CancellationToken cancellationToken)
    {
        var command = new TenantCommand { Email = account.Email, Password = account.Password };
        var started = time.GetTimestamp();
        while (true)
        {
            var problem = await TryAsync(tenant, command, cancellationToken);
            var isEarly = problem is { Status: StatusCodes.Status404NotFound or StatusCodes.Status503ServiceUnavailable };
            if (!isEarly || time.GetElapsedTime(started) > Patience) return problem;
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    public async Task EvictAsync(TenantId tenant)
    {
        if (owners.Find(tenant) is not { } owner) return;
        try
        {
            await client.PostAsync(
                NodeTenantEndpoints.UrlOf(owner.Node.Url, tenant, "close"), new TenantCommand(),
                InternalJson.Default.TenantCommand, CancellationToken.None);
        }
        catch (HttpRequestException failure)
        {
            // A node that is not there has nothing open; one that is there closes it when it is idle.
            LogNotClosed(tenant.Value, owner.Node.Id, failure.Message);
        }
    }

    /// <summary>
    /// Of its owner; a tenant that has none is not placed for this, and one that does not answer soon is not waited for.
    /// </summary>
    public async Task<TenantStorage?> FindStorageAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        if (owners.Find(tenant) is not { } owner) return null;
        using var late = new CancellationTokenSource(StorageWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            var (status, body) = await client.PostAsync(
                NodeTenantEndpoints.UrlOf(owner.Node.Url, tenant, "storage"), new TenantCommand(),
                InternalJson.Default.TenantCommand, either.Token);
            return status == StatusCodes.Status200OK ? TenantJson.ReadStorage(body) : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>
    /// Only closed: a local copy that was left behind is another tenant's to every later owner of the name, and goes with
    /// the node's cache.
    /// </summary>
    public Task ForgetAsync(TenantId tenant) => EvictAsync(tenant);

    private async Task<ApiProblem?> TryAsync(TenantId tenant, TenantCommand command, CancellationToken cancellationToken)
    {
        try
        {
            var owner = owners.Find(tenant) ?? await owners.PlaceAsync(tenant, 0, cancellationToken);
            var (status, body) = await client.PostAsync(
                NodeTenantEndpoints.UrlOf(owner.Node.Url, tenant, "superuser"), command,
                InternalJson.Default.TenantCommand, cancellationToken);
            return status == StatusCodes.Status204NoContent ? null : Read(status, body);
        }
        catch (OwnerUnavailableException unavailable)
        {
            return new ApiProblem(503, unavailable.Message) { RetryAfterSeconds = 2 };
        }
        catch (HttpRequestException)
        {
            return new ApiProblem(503, "The tenant's node does not answer.") { RetryAfterSeconds = 2 };
        }
    }

    /// <summary>A node's refusal in the error shape of all APIs, as it came.</summary>
    private static ApiProblem Read(int status, string body)
    {
        var fields = new Dictionary<string, FieldProblem>();
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object)
                foreach (var field in data.EnumerateObject())
                    fields[field.Name] = new FieldProblem(
                        field.Value.GetProperty("code").GetString() ?? "",
                        field.Value.GetProperty("message").GetString() ?? "");
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException)
        {
            return new ApiProblem(503, "The tenant's node answered something that cannot be read.");
        }

        return new ApiProblem(status, InternalClient.MessageOf(body)) { Fields = fields };
    }

    [LoggerMessage(3038, LogLevel.Warning, "Tenant {TenantId} could not be closed on node {NodeId}: {Reason}")]
    private partial void LogNotClosed(string tenantId, string nodeId, string reason);
}
