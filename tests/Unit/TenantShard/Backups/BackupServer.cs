using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Messages.Identity;
using Platform.Replication.ObjectStore;
using Platform.TenantShard.Hosting;
using Platform.TenantShard.Hosting.Recovery;
using Platform.TenantShard.Http;
using Platform.TenantShard.Tests.Hosting;
using Platform.TenantShard.Tests.Http;

namespace Platform.TenantShard.Tests.Backups;

/// <summary>A tenant of a real shard host with backups, behind a real Kestrel on loopback.</summary>
internal sealed class BackupServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WebApplication _app;
    private readonly FolderObjectStore _objects;

    private BackupServer()
    {
        Tenant = Fixture.Add("acme");
        _objects = new FolderObjectStore(Fixture.ObjectsPath);
        var recovery = new TenantRecovery(
            Fixture.Host, _objects, _folder.File("scratch"), TimeProvider.System, NullLoggerFactory.Instance);
        Backend = new ShardBackend(
            Fixture.Host, new TenantApiOptions(), TimeProvider.System, NullLoggerFactory.Instance, recovery);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(context => Backend.HandleAsync(context, Tenant));
    }

    public TenantId Tenant { get; }

    public ShardHostFixture Fixture { get; } = new();

    public ShardBackend Backend { get; }

    public HttpClient Client { get; } = new();

    public string Root { get; private set; } = "";

    public static async Task<BackupServer> StartAsync()
    {
        var server = new BackupServer();
        await server._app.StartAsync();
        server.Client.BaseAddress = new Uri(server._app.Urls.First());
        await server.Backend.CreateSuperuserAsync(server.Tenant, "root@example.com", "root-password", default);
        var login = await server.SendAsync(
            "POST", "/api/collections/_superusers/auth-with-password",
            """{"identity":"root@example.com","password":"root-password"}""");
        Assert.True(login.Status == 200, login.Body);
        server.Root = login.Text("token");
        return server;
    }

    public async Task<ApiAnswer> SendAsync(string method, string path, string? body = null, bool asGuest = false)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        if (!asGuest && Root.Length > 0) request.Headers.TryAddWithoutValidation("Authorization", Root);
        using var response = await Client.SendAsync(request);
        return new ApiAnswer(
            (int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.ToString());
    }

    public async Task<ApiAnswer> UploadAsync(string name, byte[] content)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(content), "file", name } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/backups/upload") { Content = form };
        request.Headers.TryAddWithoutValidation("Authorization", Root);
        using var response = await Client.SendAsync(request);
        return new ApiAnswer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), "");
    }

    public async Task<string[]> KeysAsync()
    {
        var list = await SendAsync("GET", "/api/backups");
        Assert.True(list.Status == 200, list.Body);
        return [.. list.Json.EnumerateArray().Select(static backup => backup.GetProperty("key").GetString()!)];
    }

    public async Task<byte[]> DownloadAsync(string key)
    {
        var token = await FileTokenAsync();
        return await Client.GetByteArrayAsync(new Uri($"/api/backups/{key}?token={token}", UriKind.Relative));
    }

    public async Task<string> FileTokenAsync() => (await SendAsync("POST", "/api/files/token")).Text("token");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        await Fixture.DisposeAsync();
        await Backend.DisposeAsync();
        _objects.Dispose();
        _folder.Dispose();
    }
}
