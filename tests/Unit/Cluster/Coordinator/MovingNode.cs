using System.Diagnostics.Metrics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Cluster.Internal;
using Platform.Cluster.Membership;
using Platform.Cluster.Tenants;
using Platform.Cluster.Tests.Support;
using Platform.Messages.Identity;
using Platform.Messages.Routing;
using Platform.Replication.ObjectStore;

namespace Platform.Cluster.Tests.Coordinator;

/// <summary>
/// A tenant node over a real listener, store and object storage, that a test can trouble at any call of a mover.
/// </summary>
internal sealed class MovingNode : IMembership, IAsyncDisposable
{
    public const string Secret = "the-secret-of-all-processes-of-a-test";

    private readonly TemporaryFolder _folder = new();
    private readonly WebApplication _app;
    private readonly ShardTenants _tenants;
    private readonly HttpClient _http = new();

    public MovingNode(string id, CoordinatorFixture cluster, IObjectStore objects)
    {
        var node = new LocalNode(id, "", [ClusterRoles.TenantNode], TimeProvider.System.GetUtcNow());
        Released = new ReleasedTenants(TimeProvider.System);
        var ownership = new RoutedOwnership(cluster.Store, cluster.Routes, this, Released, node);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddMetrics();
        _app = builder.Build();
        _tenants = new ShardTenants(
            NodeFixture.Options(_folder, $"platform.node-id={id}", "platform.tenant-node.write-deadline=1s"),
            _folder.File("cache"), objects, cluster.Tenants, ownership,
            _app.Services.GetRequiredService<IMeterFactory>(), TimeProvider.System, NullLoggerFactory.Instance);
        var guard = new InternalGuard(Secret, _ => true);
        var owned = new OwnedTenants(_tenants, cluster.Tenants, cluster.Routes, ownership, Released, node, guard);
        _app.Use(TroubleAsync);
        _app.UseRouting();
        _app.MapWhen(OwnedTenants.IsMeant, branch => branch.Run(context => owned.HandleAsync(context, _ => Task.CompletedTask)));
        new NodeTenantEndpoints(_tenants, Released).Map(_app, guard);
    }

    public bool IsServing => true;

    public ReleasedTenants Released { get; }

    public IEnumerable<TenantId> Open => _tenants.Open;

    public string Address => _app.Urls.Single();

    /// <summary>Called before a call with this verb; true: it is not done. The connection breaks when it throws.</summary>
    public Dictionary<string, Func<Task<bool>>> Before { get; } = [];

    /// <summary>Called after it, before the answer.</summary>
    public Dictionary<string, Func<Task>> After { get; } = [];

    public Task StartAsync() => _app.StartAsync();

    /// <summary>As when the process dies, as far as others can tell.</summary>
    public Task StopAnsweringAsync()
    {
        Before.Clear();
        foreach (var verb in (string[])["prepare", "release", "resume", "open", "state"])
            Before[verb] = () => throw new IOException("gone");
        return Task.CompletedTask;
    }

    /// <summary>Asks for a tenant, as a gateway does.</summary>
    public async Task<(int Status, JsonElement Body)> AskAsync(
        TenantId tenant, string method, string path, object? body = null, string? token = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(new Uri(Address), path));
        request.Headers.Add(ForwardHeaders.Tenant, tenant.Value);
        request.Headers.Add(ForwardHeaders.Secret, Secret);
        if (token is not null) request.Headers.Authorization = AuthenticationHeaderValue.Parse(token);
        if (body is not null)
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone());
    }

    /// <summary>A collection that anybody may read and write.</summary>
    public async Task MakeNotesAsync(TenantId tenant)
    {
        const string Email = "admin@example.com";
        const string Password = "a-long-password";
        Assert.Null(await _tenants.CreateSuperuserAsync(tenant, new SuperuserAccount(Email, Password), default));
        var (_, login) = await AskAsync(
            tenant, "POST", "api/collections/_superusers/auth-with-password", new { identity = Email, password = Password });
        var (status, answer) = await AskAsync(
            tenant, "POST", "api/collections",
            new
            {
                name = "notes",
                type = "base",
                listRule = "",
                createRule = "",
                fields = new[] { new { name = "text", type = "text" } },
            },
            login.GetProperty("token").GetString());
        Assert.True(status == 200, answer.ToString());
    }

    public async Task<int> WriteAsync(TenantId tenant, string text) =>
        (await AskAsync(tenant, "POST", "api/collections/notes/records", new { text })).Status;

    public async Task<IReadOnlyList<string>> ReadAsync(TenantId tenant)
    {
        var (status, body) = await AskAsync(tenant, "GET", "api/collections/notes/records?perPage=500&sort=@rowid");
        Assert.True(status == 200, $"{status}: {body}");
        return [.. body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("text").GetString()!)];
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        await _tenants.DisposeAsync();
        _folder.Dispose();
    }

    private async Task TroubleAsync(HttpContext context, RequestDelegate next)
    {
        var verb = context.Request.Path.Value!.Split('/')[^1];
        try
        {
            if (Before.GetValueOrDefault(verb) is { } before && await before())
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            if (After.GetValueOrDefault(verb) is not { } after)
            {
                await next(context);
                return;
            }

            // Kept back, so that what comes after is done before anybody sees the answer.
            var client = context.Response.Body;
            using var kept = new MemoryStream();
            context.Response.Body = kept;
            await next(context);
            await after();
            context.Response.Body = client;
            await client.WriteAsync(kept.ToArray());
        }
        catch (IOException)
        {
            context.Abort();
        }
    }
}
