using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Platform.Cluster.Configuration;
using Platform.Cluster.Configuration.Options;
using Platform.Cluster.Modes;

namespace Platform.Cluster.Tests.Support;

/// <summary>A whole node in this process: real Kestrel on a free port, real files in a folder of its own.</summary>
internal sealed class NodeFixture : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly AllInOneNode _node;
    private readonly HttpClient _client;

    private NodeFixture(TemporaryFolder folder, AllInOneNode node)
    {
        _folder = folder;
        _node = node;
        _client = new HttpClient { BaseAddress = node.PublicUrl, Timeout = TimeSpan.FromSeconds(30) };
    }

    public AllInOneNode Node => _node;

    public TemporaryFolder Folder => _folder;

    public string Token => File.ReadAllText(_folder.File("data/admin-token")).Trim();

    public static PlatformOptions Options(TemporaryFolder folder, params string[] settings) => ConfigurationLoader.Load(
        new ConfigurationSources
        {
            Settings =
            [
                $"platform.data-dir={folder.File("data")}", "platform.http.listen=127.0.0.1:0", "platform.node-id=n1",
                "platform.log-level=error", .. settings,
            ],
        });

    public static async Task<NodeFixture> StartAsync(params string[] settings) =>
        await StartAsync(new TemporaryFolder(), settings);

    public static async Task<NodeFixture> StartAsync(TemporaryFolder folder, params string[] settings) => new(
        folder, await AllInOneNode.StartAsync(Options(folder, settings), TimeProvider.System, CancellationToken.None));

    /// <summary>Asks with the admin token; the answer's body, if any, as JSON.</summary>
    public async Task<(int Status, JsonElement Body)> SendAsync(
        string method, string path, string? body = null, string? token = "right", string? host = null)
    {
        using var answer = await SendRawAsync(method, path, body, token, host);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone());
    }

    public async Task<HttpResponseMessage> SendRawAsync(
        string method, string path, string? body = null, string? token = "right", string? host = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token == "right" ? Token : token);
        if (host is not null) request.Headers.Host = host;
        return await _client.SendAsync(request);
    }

    /// <summary>Sends bytes with the admin token; the answer's body as JSON.</summary>
    public async Task<(int Status, JsonElement Body)> UploadAsync(string path, byte[] content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(content) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        request.Headers.ExpectContinue = true;
        using var answer = await _client.SendAsync(request);
        return ((int)answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.Clone());
    }

    /// <summary>Sends any content to a tenant, as a guest.</summary>
    public async Task<(int Status, JsonElement Body)> SendAsync(
        HttpMethod method, string path, HttpContent content, string host)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Host = host;
        using var answer = await _client.SendAsync(request);
        return ((int)answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.Clone());
    }

    /// <summary>Stops the node and leaves its folder to the caller.</summary>
    public async Task<TemporaryFolder> StopAsync()
    {
        _client.Dispose();
        await _node.DisposeAsync();
        return _folder;
    }

    public async ValueTask DisposeAsync() => (await StopAsync()).Dispose();
}
