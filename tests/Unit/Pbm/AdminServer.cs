using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace Platform.Pbm.Tests;

/// <summary>
/// A real HTTP server on loopback with scripted answers of the admin API; it notes what it was asked.
/// </summary>
internal sealed class AdminServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Dictionary<string, (int Status, string Body)> _answers = new(StringComparer.Ordinal);

    private AdminServer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>"METHOD /path?query body", in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>The bodies of the requests, in order.</summary>
    public ConcurrentQueue<byte[]> Bodies { get; } = [];

    /// <summary>The Authorization header of each request, in order.</summary>
    public ConcurrentQueue<string> Authorizations { get; } = [];

    public static async Task<AdminServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new AdminServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    /// <summary>Answers "METHOD /path?query" with a status and a body from now on.</summary>
    public AdminServer Answers(string request, int status, string body)
    {
        _answers[request] = (status, body);
        return this;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var request = $"{context.Request.Method} {context.Request.GetEncodedPathAndQuery()}";
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        Bodies.Enqueue(body.ToArray());
        Requests.Enqueue($"{request} {Encoding.UTF8.GetString(body.ToArray())}".TrimEnd());
        Authorizations.Enqueue(context.Request.Headers.Authorization.ToString());
        var (status, answer) = _answers.GetValueOrDefault(request, (404, """{"status":404,"message":"?","data":{}}"""));
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        if (answer.Length > 0) await context.Response.WriteAsync(answer, context.RequestAborted);
    }
}
