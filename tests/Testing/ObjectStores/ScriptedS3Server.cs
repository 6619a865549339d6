using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Xml.Linq;
using Platform.Replication.ObjectStore;

namespace Platform.Testing.ObjectStores;

/// <summary>
/// A hand-written server with just enough S3 to answer as a healthy one never would: for lost answers, errors by name
/// and servers that ignore what they are asked. It checks no signatures. For everything else there is <see
/// cref="S3Server"/>.
/// </summary>
public sealed class ScriptedS3Server : IAsyncDisposable
{
    private const string MetadataPrefix = "x-amz-meta-";

    private readonly HttpListener _listener = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly ConcurrentQueue<(string Method, ScriptedAnswer Answer)> _script = new();
    private readonly ConcurrentDictionary<string, StoredObject> _objects = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Task _serving;

    /// <summary>Listens on a free port.</summary>
    public ScriptedS3Server()
    {
        Endpoint = new Uri($"http://127.0.0.1:{FreePort()}");
        _listener.Prefixes.Add(Endpoint.ToString());
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Its URL.</summary>
    public Uri Endpoint { get; }

    /// <summary>False for a server that ignores <c>If-None-Match</c>.</summary>
    public bool HonoursConditions { get; set; } = true;

    /// <summary>What listings show, in this order, instead of the objects.</summary>
    public IReadOnlyList<string>? ListedKeys { get; set; }

    /// <summary>Methods and keys of the requests so far, such as <c>PUT a/b</c>.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>Settings of a store that talks to it and does not wait long.</summary>
    public S3ObjectStoreOptions Options => new()
    {
        Endpoint = Endpoint,
        Bucket = "bucket",
        AccessKey = "the-access-key",
        SecretKey = "the-secret-key",
        AttemptTimeout = TimeSpan.FromSeconds(2),
    };

    /// <summary>The next request with this method is answered so. Several queue up.</summary>
    public void Next(string method, ScriptedAnswer answer) => _script.Enqueue((method, answer));

    /// <summary>Stores an object as another client does.</summary>
    public void Store(string key, byte[] content) => _objects[key] = new StoredObject(content, []);

    /// <summary>The metadata of a stored object, without their prefix.</summary>
    public IReadOnlyDictionary<string, string> Metadata(string key) => _objects[key].Metadata;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Close();
        await _serving;
        _ended.Dispose();
    }

    private async Task ServeAsync()
    {
        List<Task> serving = [];
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                serving.Add(AnswerAsync(await _listener.GetContextAsync()));
            }
            catch (Exception) when (_ended.IsCancellationRequested)
            {
                break;
            }
        }

        await Task.WhenAll(serving);
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            var path = Uri.UnescapeDataString(context.Request.Url!.AbsolutePath);
            var key = path.Split('/', 3).ElementAtOrDefault(2) ?? "";
            _requests.Enqueue($"{context.Request.HttpMethod} {key}");
            var scripted = TakeScripted(context.Request.HttpMethod);
            scripted?.Meanwhile?.Invoke();
            var answer = scripted is null || scripted.IsServed || scripted.IsStalled
                ? await ServeOneAsync(context.Request, key)
                : new Answer(scripted.Status, Error(scripted.Code), null);
            if (scripted is { IsServed: true })
            {
                answer = new Answer(scripted.Status, Error(scripted.Code), null);
            }

            await SendAsync(context, answer, scripted);
        }
        catch (Exception) when (_ended.IsCancellationRequested)
        {
            context.Response.Abort();
        }
        catch (Exception fault) when (fault is HttpListenerException or IOException or ObjectDisposedException)
        {
            // The client went away, as clients with timeouts do.
            context.Response.Abort();
        }
    }

    private async Task SendAsync(HttpListenerContext context, Answer answer, ScriptedAnswer? scripted)
    {
        var response = context.Response;
        if (scripted is { IsCut: true })
        {
            // A few bytes of an answer go first: without any, the listener answers in its own words.
            response.ContentLength64 = 100;
            await response.OutputStream.WriteAsync(new byte[1], _ended.Token);
            await response.OutputStream.FlushAsync(_ended.Token);
            response.Abort();
            return;
        }

        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Metadata ?? [])
        {
            response.AddHeader(MetadataPrefix + name, value);
        }

        response.ContentLength64 = answer.Body.Length;
        if (context.Request.HttpMethod != "HEAD")
        {
            var half = scripted is { IsStalled: true } ? answer.Body.Length / 2 : answer.Body.Length;
            await response.OutputStream.WriteAsync(answer.Body.AsMemory(0, half), _ended.Token);
            await response.OutputStream.FlushAsync(_ended.Token);
        }

        if (scripted is { IsStalled: true })
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _ended.Token);
        }

        response.Close();
    }

    private ScriptedAnswer? TakeScripted(string method) =>
        _script.TryPeek(out var next) && next.Method == method && _script.TryDequeue(out next) ? next.Answer : null;

    private async Task<Answer> ServeOneAsync(HttpListenerRequest request, string key)
    {
        switch (request.HttpMethod)
        {
            case "PUT":
                using (var body = new MemoryStream())
                {
                    await request.InputStream.CopyToAsync(body, _ended.Token);
                    return Put(request, key, body.ToArray());
                }

            case "POST":
                return await DeleteAsync(request);
            case "GET" when request.QueryString["list-type"] is not null:
                return new Answer(200, Listing(), null);
            default:
                return _objects.TryGetValue(key, out var stored)
                    ? new Answer(200, stored.Content, stored.Metadata)
                    : new Answer(404, Error("NoSuchKey"), null);
        }
    }

    private Answer Put(HttpListenerRequest request, string key, byte[] content)
    {
        var metadata = request.Headers.AllKeys
            .Where(name => name!.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(name => name![MetadataPrefix.Length..].ToLowerInvariant(), name => request.Headers[name]!);
        var stored = new StoredObject(content, metadata);
        if (request.Headers["If-None-Match"] == "*" && HonoursConditions)
        {
            return _objects.TryAdd(key, stored)
                ? new Answer(200, [], null)
                : new Answer(412, Error("PreconditionFailed"), null);
        }

        _objects[key] = stored;
        return new Answer(200, [], null);
    }

    private async Task<Answer> DeleteAsync(HttpListenerRequest request)
    {
        var body = await XDocument.LoadAsync(request.InputStream, LoadOptions.None, _ended.Token);
        foreach (var key in body.Descendants().Where(element => element.Name.LocalName == "Key"))
        {
            _objects.TryRemove(key.Value, out _);
        }

        return new Answer(200, Encoding.UTF8.GetBytes("<DeleteResult/>"), null);
    }

    private byte[] Listing()
    {
        var keys = ListedKeys ?? [.. _objects.Keys.Order(StringComparer.Ordinal)];
        return Encoding.UTF8.GetBytes(new XElement(
            "ListBucketResult",
            new XElement("IsTruncated", "false"),
            keys.Select(Entry)).ToString());

        static XElement Entry(string key) => new("Contents", new XElement("Key", key), new XElement("Size", 1));
    }

    private static byte[] Error(string code) => Encoding.UTF8.GetBytes(
        new XElement("Error", new XElement("Code", code), new XElement("Message", "as scripted")).ToString());

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed record StoredObject(byte[] Content, Dictionary<string, string> Metadata);

    private sealed record Answer(int Status, byte[] Body, Dictionary<string, string>? Metadata);
}
