using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Platform.Gateway.Proxying;
using Platform.Messages.Routing;

namespace Platform.Gateway.Tests.Proxying;

public sealed class ForwardingTests
{
    [Fact]
    public async Task A_request_reaches_the_owner_whole_and_its_answer_the_client()
    {
        await using var node = await NodeServer.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            context.Response.StatusCode = 418;
            context.Response.Headers["X-Custom"] = "kept";
            await context.Response.WriteAsync(
                $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} "
                + $"{context.Request.Host} {await reader.ReadToEndAsync()}");
        });
        var owners = new ScriptedOwners();
        owners.Set(node.Address(), 1);
        await using var gateway = await ProxyServer.StartAsync(owners);

        var answer = await gateway.PostAsync("/api/a%20b?x=%2F&y=1", new StringContent("the body"));

        Assert.Equal(418, (int)answer.StatusCode);
        Assert.Equal("kept", answer.Headers.GetValues("X-Custom").Single());
        Assert.Equal("POST /api/a%20b?x=%2F&y=1 acme.localhost the body", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_node_is_told_tenant_secret_and_client_and_nothing_that_the_client_made_up()
    {
        var seen = new HeaderDictionary();
        await using var node = await NodeServer.StartAsync(context =>
        {
            foreach (var header in context.Request.Headers) seen[header.Key] = header.Value;
            return Task.CompletedTask;
        });
        var owners = new ScriptedOwners();
        owners.Set(node.Address(), 1);
        await using var gateway = await ProxyServer.StartAsync(owners, new ProxyOptions { Secret = "s3cret" });
        var request = ProxyServer.Request(HttpMethod.Get, "/");
        request.Headers.Add("X-Platform-Tenant", "globex");
        request.Headers.Add("x-platform-secret", "guess");
        request.Headers.Add("X-Platform-Client-Address", "9.9.9.9");
        request.Headers.Add("X-Forwarded-For", "1.2.3.4");

        await gateway.Client.SendAsync(request);

        Assert.Equal("acme", seen[ForwardHeaders.Tenant]);
        Assert.Equal("s3cret", seen[ForwardHeaders.Secret]);
        Assert.Equal("127.0.0.1", seen[ForwardHeaders.ClientAddress]);
        Assert.Equal("http", seen[ForwardHeaders.ClientScheme]);
        Assert.Equal("1.2.3.4, 127.0.0.1", seen["X-Forwarded-For"]);
        Assert.Equal("http", seen["X-Forwarded-Proto"]);
    }

    [Fact]
    public async Task Tenants_of_the_own_process_are_answered_without_a_hop()
    {
        var owners = new ScriptedOwners();
        owners.Set(new("here", new Uri("http://127.0.0.1:1")), 1);
        var local = new LocalNode(
            "here", new Forwarding.ScriptedBackend(context => context.Response.WriteAsync("in process")));
        await using var gateway = await ProxyServer.StartAsync(owners, local: local);

        Assert.Equal("in process", await (await gateway.GetAsync("/")).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Server_sent_events_arrive_while_the_answer_goes_on()
    {
        var next = new TaskCompletionSource();
        await using var node = await NodeServer.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: one\n\n");
            await context.Response.Body.FlushAsync();
            await next.Task;
            await context.Response.WriteAsync("data: two\n\n");
        });
        var owners = new ScriptedOwners();
        owners.Set(node.Address(), 1);
        await using var gateway = await ProxyServer.StartAsync(owners);

        using var answer = await gateway.Client.SendAsync(
            ProxyServer.Request(HttpMethod.Get, "/api/realtime"), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal("data: one", await reader.ReadLineAsync());
        next.SetResult();
        Assert.Equal("", await reader.ReadLineAsync());
        Assert.Equal("data: two", await reader.ReadLineAsync());
    }

    [Fact]
    public async Task Web_sockets_pass_in_both_directions()
    {
        await using var node = await NodeServer.StartAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[64];
            var got = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            await socket.SendAsync(
                buffer.AsMemory(0, got.Count), WebSocketMessageType.Text, true, CancellationToken.None);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        });
        var owners = new ScriptedOwners();
        owners.Set(node.Address(), 1);
        await using var gateway = await ProxyServer.StartAsync(owners);
        using var client = new ClientWebSocket();
        client.Options.SetRequestHeader("X-Tenant-ID", "acme");

        await client.ConnectAsync(new UriBuilder(gateway.Url) { Scheme = "ws" }.Uri, CancellationToken.None);
        await client.SendAsync(
            Encoding.UTF8.GetBytes("hello").AsMemory(), WebSocketMessageType.Text, true, CancellationToken.None);
        var echo = new byte[64];
        var answer = await client.ReceiveAsync(echo.AsMemory(), CancellationToken.None);

        Assert.Equal("hello", Encoding.UTF8.GetString(echo, 0, answer.Count));
    }

    [Fact]
    public async Task Large_bodies_stream_through_without_being_kept()
    {
        const int bytes = 200 * 1024 * 1024;
        await using var node = await NodeServer.StartAsync(async context =>
        {
            var buffer = new byte[1024 * 1024];
            var total = 0L;
            int read;
            while ((read = await context.Request.Body.ReadAsync(buffer)) > 0) total += read;
            await context.Response.WriteAsync(total.ToString(System.Globalization.CultureInfo.InvariantCulture));
        });
        var owners = new ScriptedOwners();
        owners.Set(node.Address(), 1);
        await using var gateway = await ProxyServer.StartAsync(owners);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var answer = await gateway.PostAsync("/", new StreamContent(new Zeros(bytes)));

        Assert.Equal("209715200", await answer.Content.ReadAsStringAsync());
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 20L * 1024 * 1024);
    }

    [Fact]
    public async Task A_client_that_leaves_ends_the_request_at_the_node()
    {
        var ended = new TaskCompletionSource();
        await using var node = await NodeServer.StartAsync(async context =>
        {
            context.RequestAborted.Register(ended.SetResult);
            await context.Response.WriteAsync("begun");
            await context.Response.Body.FlushAsync();
            await ended.Task;
        });
        var owners = new ScriptedOwners();
        owners.Set(node.Address(), 1);
        await using var gateway = await ProxyServer.StartAsync(owners);

        var answer = await gateway.Client.SendAsync(
            ProxyServer.Request(HttpMethod.Get, "/"), HttpCompletionOption.ResponseHeadersRead);
        answer.Dispose();

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task An_answer_that_breaks_off_does_not_look_like_a_whole_one()
    {
        var begun = new TaskCompletionSource();
        await using var node = await NodeServer.StartAsync(async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("half");
            await context.Response.Body.FlushAsync();
            await begun.Task;
            context.Abort();
        });
        var owners = new ScriptedOwners();
        owners.Set(node.Address(), 1);
        await using var gateway = await ProxyServer.StartAsync(owners);

        using var answer = await gateway.Client.SendAsync(
            ProxyServer.Request(HttpMethod.Get, "/"), HttpCompletionOption.ResponseHeadersRead);
        begun.SetResult();

        await Assert.ThrowsAsync<HttpRequestException>(() => answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_node_that_does_not_begin_to_answer_in_time_is_given_up_with_504()
    {
        await using var node = await NodeServer.StartAsync(
            context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        var owners = new ScriptedOwners();
        owners.Set(node.Address(), 1);
        await using var gateway = await ProxyServer.StartAsync(
            owners, new ProxyOptions { AnswerTimeout = TimeSpan.FromMilliseconds(200) });

        var answer = await gateway.GetAsync("/");

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        Assert.Contains("did not answer in time", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>A stream of zeros without a known length, made as it is read.</summary>
    private sealed class Zeros(long bytes) : Stream
    {
        private long _left = bytes;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, _left);
            _left -= read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
