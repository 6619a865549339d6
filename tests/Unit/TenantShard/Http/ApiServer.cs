using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Platform.TenantShard.Auth;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Http;
using Platform.TenantShard.Logs;

namespace Platform.TenantShard.Tests.Http;

/// <summary>The tenant API of one tenant behind a real Kestrel on loopback, with a client.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    public const string SuperuserEmail = "root@example.com";
    public const string SuperuserPassword = "correct horse battery";

    private readonly WebApplication _app;
    private readonly HttpClient _client;
    private readonly ApiServices _services;
    private readonly ShardFeature _tenant;

    private ApiServer(WebApplication app, TestShard shard, ApiServices services, ShardFeature tenant)
    {
        _app = app;
        _services = services;
        Shard = shard;
        _tenant = tenant;
        _client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public TestShard Shard { get; }

    public HttpClient Client => _client;

    public static async Task<ApiServer> StartAsync(
        TestShard? shard = null, TenantApiOptions? options = null, long? bodyBytesMax = null)
    {
        shard ??= new TestShard();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var services = new ApiServices(
            options ?? new TenantApiOptions(), TimeProvider.System, LoggerFactory.Create(static _ => { }));
        var api = TenantApi.Build(services, LoggerFactory.Create(static _ => { }));
        var feature = new ShardFeature(shard, bodyBytesMax)
        {
            Files = shard.Files,
            Logs = new TenantLogs(shard.LogStorage, shard.Clock),
        };
        app.Run(context =>
        {
            context.Features.Set(feature);
            return api(context);
        });
        await app.StartAsync();
        return new ApiServer(app, shard, services, feature);
    }

    /// <summary>Creates a record as the superuser and returns its id.</summary>
    public async Task<string> CreateAsync(string collection, string json, string token)
    {
        var answer = await SendAsync("POST", $"/api/collections/{collection}/records", json, token);
        Assert.True(answer.Status == 200, answer.Body);
        return answer.Text("id");
    }

    public Task<Collection> CreateCollectionAsync(string json)
    {
        var body = JsonDocument.Parse(json).RootElement.Clone();
        return Shard.WriteAsync(new CreateCollection(body, Shard.Clock), default).AsTask();
    }

    /// <summary>Makes the superuser and logs in.</summary>
    public async Task<string> SuperuserTokenAsync()
    {
        var passwords = new PasswordHasher(1, 4);
        var command = await UpsertSuperuser.PrepareAsync(
            Shard, passwords, SuperuserEmail, SuperuserPassword, default);
        await Shard.WriteAsync(command, default);
        return await LoginAsync("_superusers", SuperuserEmail, SuperuserPassword);
    }

    public async Task<string> LoginAsync(string collection, string identity, string password)
    {
        var answer = await SendAsync(
            "POST", $"/api/collections/{collection}/auth-with-password",
            JsonSerializer.Serialize(new { identity, password }));
        Assert.True(answer.Status == 200, answer.Body);
        return answer.Json.GetProperty("token").GetString()!;
    }

    public async Task<ApiAnswer> SendAsync(string method, string path, string? body = null, string? token = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", token);
        using var response = await _client.SendAsync(request);
        return new ApiAnswer(
            (int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _tenant.DisposeAsync();
        await _app.DisposeAsync();
        await _services.DisposeAsync();
        await Shard.DisposeAsync();
    }
}
