using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.Gateway.Resolution;
using Platform.Messages.Tenants;

namespace Platform.Gateway.Tests.Forwarding;

public sealed class TenantGatewayTests
{
    private static readonly RequestDelegate SaysTenant =
        context => context.Response.WriteAsync($"{context.Items["tenant"]} {context.Request.Path}");

    [Theory]
    [InlineData("acme.localhost", null, "acme")]
    [InlineData("shop.example.com", null, "acme")]
    [InlineData(null, "globex", "globex")]
    public async Task A_tenants_request_reaches_its_backend(string? host, string? header, string tenant)
    {
        await using var server = await GatewayServer.StartAsync(SaysTenant);
        using var response = await server.SendAsync(host, "/api/health", request =>
        {
            if (header is not null) request.Headers.Add(TenantResolver.HeaderName, header);
        });

        Assert.Equal($"{tenant} /api/health", await response.Content.ReadAsStringAsync());
        Assert.Equal(1, server.Measured["gateway.requests forwarded 2xx"]);
        Assert.Equal(1, server.Measured["gateway.request.duration forwarded 2xx"]);
        Assert.Equal(0, server.Measured["gateway.requests.active"]);
    }

    [Fact]
    public async Task The_admin_api_is_out_of_reach_for_tenants_and_the_tenants_api_for_others()
    {
        await using var server = await GatewayServer.StartAsync(SaysTenant);

        using var admin = await server.SendAsync(null, "/api/cp/health");
        using var adminByTenant = await server.SendAsync("acme.localhost", "/api/cp/health");
        using var adminByUnknown = await server.SendAsync("nobody.localhost", "/api/cp/health");
        using var tenantByNobody = await server.SendAsync(null, "/api/collections");

        Assert.Equal("admin", await admin.Content.ReadAsStringAsync());
        Assert.Equal("acme /api/cp/health", await adminByTenant.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, adminByUnknown.StatusCode);
        await AssertProblemAsync(tenantByNobody, 404, "names no tenant");
    }

    [Theory]
    [InlineData("nobody.localhost", null, 404, "'nobody' does not exist or was deleted", "unknown_tenant 4xx")]
    [InlineData("gone.localhost", null, 404, "'gone' does not exist or was deleted", "deleted_tenant 4xx")]
    [InlineData(null, "A_B", 400, "'A_B'", "malformed 4xx")]
    [InlineData("acme.localhost", "globex", 400, "two tenants: 'acme' by its host and 'globex'", "ambiguous 4xx")]
    public async Task A_refusal_is_json_and_counted(
        string? host, string? header, int status, string says, string counted)
    {
        await using var server = await GatewayServer.StartAsync(SaysTenant);
        using var response = await server.SendAsync(host, "/api/health", request =>
        {
            if (header is not null) request.Headers.Add(TenantResolver.HeaderName, header);
        });

        await AssertProblemAsync(response, status, says);
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal(1, server.Measured[$"gateway.requests {counted}"]);
    }

    [Theory]
    [InlineData(99, 200)]
    [InlineData(100, 200)]
    [InlineData(101, 413)]
    public async Task A_declared_body_over_the_limit_is_refused_unread(int bytes, int status)
    {
        var reached = false;
        await using var server = await GatewayServer.StartAsync(
            async context =>
            {
                reached = true;
                await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            },
            bodyBytesMax: 100);
        using var response = await server.SendAsync("acme.localhost", "/", request =>
        {
            request.Method = HttpMethod.Post;
            request.Content = new ByteArrayContent(new byte[bytes]);
        });

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 200, reached);
        if (status == 413) await AssertProblemAsync(response, 413, "larger than 100 bytes");
    }

    [Fact]
    public async Task A_streamed_body_over_the_limit_is_refused_while_it_arrives()
    {
        await using var server = await GatewayServer.StartAsync(
            context => context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted), bodyBytesMax: 100);
        using var response = await server.SendAsync("acme.localhost", "/", request =>
        {
            request.Method = HttpMethod.Post;
            request.Content = new ByteArrayContent(new byte[101]);
            request.Headers.TransferEncodingChunked = true;
        });

        await AssertProblemAsync(response, 413, "larger than 100 bytes");
        Assert.Equal(1, server.Measured["gateway.requests body_too_large 4xx"]);
    }

    [Fact]
    public async Task A_tenants_own_limit_goes_before_the_platforms()
    {
        var routes = new RouteTable();
        routes.Apply(Tenants.Describe("acme") with { Quotas = new TenantQuotas(RequestBodyBytesMax: 2048) });
        await using var server = await GatewayServer.StartAsync(
            context => context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted),
            routes,
            bodyBytesMax: 100);

        Assert.Equal(HttpStatusCode.OK, await PostAsync(2048));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PostAsync(2049));

        async Task<HttpStatusCode> PostAsync(int bytes)
        {
            using var response = await server.SendAsync("acme.localhost", "/", request =>
            {
                request.Method = HttpMethod.Post;
                request.Content = new ByteArrayContent(new byte[bytes]);
            });
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task A_fault_of_the_backend_is_500_without_its_words_and_the_server_lives_on()
    {
        await using var server = await GatewayServer.StartAsync(context => context.Request.Path == "/boom"
            ? throw new InvalidOperationException("/secret/path")
            : SaysTenant(context));
        using var failed = await server.SendAsync("acme.localhost", "/boom");
        using var next = await server.SendAsync("acme.localhost", "/next");

        var body = await AssertProblemAsync(failed, 500, "Something went wrong");
        Assert.DoesNotContain("secret", body);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        Assert.Equal(1, server.Measured["gateway.requests failed 5xx"]);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_does_not_look_complete()
    {
        await using var server = await GatewayServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("half");
            await context.Response.Body.FlushAsync();
            throw new InvalidOperationException("late");
        });

        await Assert.ThrowsAsync<HttpRequestException>(() => server.SendAsync("acme.localhost", "/"));
    }

    [Fact]
    public async Task A_stream_of_events_is_counted_but_not_timed()
    {
        await using var server = await GatewayServer.StartAsync(context =>
        {
            context.Response.ContentType = "text/event-stream";
            return context.Response.WriteAsync("data: 1\n\n");
        });
        using var response = await server.SendAsync("acme.localhost", "/api/realtime");

        Assert.Equal(1, server.Measured["gateway.requests forwarded 2xx"]);
        Assert.False(server.Measured.ContainsKey("gateway.request.duration forwarded 2xx"));
    }

    [Fact]
    public async Task A_browser_may_ask_whether_it_may_send_the_tenant_header()
    {
        await using var server = await GatewayServer.StartAsync(SaysTenant);
        using var asked = await server.SendAsync(null, "/api/health", Preflight("content-type, x-tenant-id"));
        using var other = await server.SendAsync(null, "/api/cp/health", Preflight("authorization"));

        Assert.Equal(HttpStatusCode.NoContent, asked.StatusCode);
        Assert.Equal(
            "content-type, x-tenant-id", asked.Headers.GetValues("Access-Control-Allow-Headers").Single());
        Assert.False(other.Headers.Contains("Access-Control-Allow-Origin") && other.IsSuccessStatusCode);

        static Action<HttpRequestMessage> Preflight(string headers) => request =>
        {
            request.Method = HttpMethod.Options;
            request.Headers.Add("Origin", "https://app.example");
            request.Headers.Add("Access-Control-Request-Method", "GET");
            request.Headers.TryAddWithoutValidation("Access-Control-Request-Headers", headers);
        };
    }

    private static async Task<string> AssertProblemAsync(HttpResponseMessage response, int status, string says)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        using var json = JsonDocument.Parse(body);
        Assert.Equal(status, json.RootElement.GetProperty("status").GetInt32());
        Assert.Contains(says, json.RootElement.GetProperty("message").GetString());
        Assert.Empty(json.RootElement.GetProperty("data").EnumerateObject());
        return body;
    }
}
