using System.Net;
using Microsoft.AspNetCore.Http;
using Platform.Gateway.Owners;
using Platform.Gateway.Proxying;
using Platform.Messages.Routing;
using Platform.Testing;

namespace Platform.Gateway.Tests.Proxying;

public sealed class OwnerBackendTests
{
    private static readonly NodeAddress Nowhere = new("dead", new Uri("http://127.0.0.1:1"));

    [Fact]
    public async Task The_first_request_of_a_tenant_without_a_route_waits_for_its_placement()
    {
        await using var node = await NodeServer.StartAsync(context => context.Response.WriteAsync("placed"));
        var owners = new ScriptedOwners { Place = (_, _) => Task.FromResult(new TenantOwner(node.Address(), 7)) };
        await using var gateway = await ProxyServer.StartAsync(owners);

        Assert.Equal("placed", await (await gateway.GetAsync("/")).Content.ReadAsStringAsync());
        Assert.Equal(1, owners.Placements);
    }

    [Fact]
    public async Task A_placement_that_fails_is_tried_again_until_it_succeeds()
    {
        await using var node = await NodeServer.StartAsync(context => context.Response.WriteAsync("placed"));
        var calls = 0;
        var owners = new ScriptedOwners
        {
            Place = (_, _) => ++calls < 3
                ? throw new OwnerUnavailableException("No coordinator.")
                : Task.FromResult(new TenantOwner(node.Address(), 7)),
        };
        await using var gateway = await ProxyServer.StartAsync(owners);

        Assert.Equal("placed", await (await gateway.GetAsync("/")).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Without_an_owner_within_the_hold_timeout_the_answer_is_503_with_retry_after()
    {
        await using var gateway = await ProxyServer.StartAsync(
            new ScriptedOwners(), new ProxyOptions { HoldTimeout = TimeSpan.FromMilliseconds(200) });

        var answer = await gateway.GetAsync("/");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Contains("no node with room", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_held_requests_than_allowed_are_refused_at_once()
    {
        var placing = new TaskCompletionSource<TenantOwner>();
        var owners = new ScriptedOwners { Place = (_, cancelled) => placing.Task.WaitAsync(cancelled) };
        await using var node = await NodeServer.StartAsync(context => context.Response.WriteAsync("placed"));
        await using var gateway = await ProxyServer.StartAsync(owners, new ProxyOptions { HeldMax = 2 });

        var held = new[] { gateway.GetAsync("/1"), gateway.GetAsync("/2") };
        await Eventually.TrueAsync(() => owners.Placements == 2);
        var refused = await gateway.GetAsync("/3");
        placing.SetResult(new TenantOwner(node.Address(), 1));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        foreach (var answer in await Task.WhenAll(held)) Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_write_to_a_node_that_cannot_be_reached_is_held_until_its_tenant_has_another()
    {
        await using var node = await NodeServer.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync(await reader.ReadToEndAsync());
        });
        var owners = new ScriptedOwners();
        owners.Set(Nowhere, 1);
        await using var gateway = await ProxyServer.StartAsync(owners);

        var answer = gateway.PostAsync("/", new StringContent("a write"));
        await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(100)));
        owners.Set(node.Address("n2"), 2);

        Assert.Equal("a write", await (await answer).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task While_a_tenant_moves_its_requests_wait_for_the_new_route_and_ask_nobody()
    {
        var denied = 0;
        await using var former = await NodeServer.StartAsync(context =>
        {
            Interlocked.Increment(ref denied);
            context.Response.Headers[ForwardHeaders.Moving] = "1";
            return Deny(context);
        });
        await using var next = await NodeServer.StartAsync(context => context.Response.WriteAsync("moved"));
        var owners = new ScriptedOwners();
        owners.Set(former.Address(), 5);
        await using var gateway = await ProxyServer.StartAsync(owners);

        var answers = Enumerable.Range(0, 8).Select(_ => gateway.PostAsync("/", new StringContent("a write"))).ToList();
        await Eventually.TrueAsync(() => denied >= 8);
        owners.Set(next.Address("n2"), 6);

        foreach (var answer in await Task.WhenAll(answers))
            Assert.Equal("moved", await answer.Content.ReadAsStringAsync());
        Assert.Equal(0, owners.Placements);
    }

    [Fact]
    public async Task A_tenant_that_stays_after_all_is_asked_again_where_it_is()
    {
        var calls = 0;
        await using var node = await NodeServer.StartAsync(context =>
        {
            if (Interlocked.Increment(ref calls) > 2) return context.Response.WriteAsync("stayed");
            context.Response.Headers[ForwardHeaders.Moving] = "1";
            return Deny(context);
        });
        var owners = new ScriptedOwners();
        owners.Set(node.Address(), 5);
        await using var gateway = await ProxyServer.StartAsync(owners);

        Assert.Equal("stayed", await (await gateway.GetAsync("/")).Content.ReadAsStringAsync());
        Assert.Equal(0, owners.Placements);
    }

    [Fact]
    public async Task A_node_that_denies_to_be_the_owner_is_passed_by_with_the_body_unharmed()
    {
        await using var former = await NodeServer.StartAsync(Deny);
        await using var owner = await NodeServer.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync(await reader.ReadToEndAsync());
        });
        var owners = new ScriptedOwners
        {
            Place = (known, _) => Task.FromResult(new TenantOwner(owner.Address("n2"), known + 1)),
        };
        owners.Set(former.Address(), 5);
        await using var gateway = await ProxyServer.StartAsync(owners);
        var large = new string('x', 300_000);

        Assert.Equal("small", await (await gateway.PostAsync("/", new StringContent("small"))).Content.ReadAsStringAsync());
        Assert.Equal(large, await (await gateway.PostAsync("/", new StringContent(large))).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_answer_421_of_the_tenant_itself_is_not_taken_for_a_denial()
    {
        await using var node = await NodeServer.StartAsync(context =>
        {
            context.Response.StatusCode = 421;
            return context.Response.WriteAsync("mine");
        });
        var owners = new ScriptedOwners();
        owners.Set(node.Address(), 5);
        await using var gateway = await ProxyServer.StartAsync(owners);

        var answer = await gateway.GetAsync("/");

        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
        Assert.Equal("mine", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_read_that_breaks_off_before_its_answer_is_repeated_and_a_write_is_not()
    {
        var requests = 0;
        await using var node = await NodeServer.StartAsync(context =>
        {
            if (Interlocked.Increment(ref requests) % 2 == 0) return context.Response.WriteAsync("second");
            context.Abort();
            return Task.CompletedTask;
        });
        var owners = new ScriptedOwners();
        owners.Set(node.Address(), 1);
        await using var gateway = await ProxyServer.StartAsync(owners);

        var read = await gateway.GetAsync("/");
        var write = await gateway.PostAsync("/", new StringContent("once"));

        Assert.Equal("second", await read.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.BadGateway, write.StatusCode);
        Assert.Contains("may have been done", await write.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(3, requests);
    }

    [Fact]
    public async Task What_waits_for_a_node_that_is_lost_goes_on_at_the_next_owner_if_it_only_reads()
    {
        var silent = 0;
        await using var lost = await NodeServer.StartAsync(async context =>
        {
            Interlocked.Increment(ref silent);
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        });
        await using var next = await NodeServer.StartAsync(context => context.Response.WriteAsync("next"));
        var owners = new ScriptedOwners();
        owners.Set(lost.Address(), 1);
        await using var gateway = await ProxyServer.StartAsync(owners);

        var read = gateway.GetAsync("/");
        var write = gateway.PostAsync("/", new StringContent("once"));
        await Eventually.TrueAsync(() => silent == 2);
        owners.Set(next.Address("n2"), 2);
        owners.Dead["n1"] = true;

        Assert.Equal("next", await (await read).Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.BadGateway, (await write).StatusCode);
    }

    [Fact]
    public async Task An_answer_that_streams_from_a_node_that_is_lost_is_cut_off()
    {
        await using var lost = await NodeServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("data: begun\n\n");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        });
        var owners = new ScriptedOwners();
        owners.Set(lost.Address(), 1);
        await using var gateway = await ProxyServer.StartAsync(owners);
        using var answer = await gateway.Client.SendAsync(
            ProxyServer.Request(HttpMethod.Get, "/"), HttpCompletionOption.ResponseHeadersRead);

        owners.Dead["n1"] = true;

        await Assert.ThrowsAsync<HttpRequestException>(() => answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_coordinator_that_does_not_answer_is_asked_again()
    {
        await using var node = await NodeServer.StartAsync(context => context.Response.WriteAsync("placed"));
        var calls = 0;
        var owners = new ScriptedOwners
        {
            Place = (_, cancelled) => ++calls < 2
                ? new TaskCompletionSource<TenantOwner>().Task.WaitAsync(cancelled)
                : Task.FromResult(new TenantOwner(node.Address(), 7)),
        };
        await using var gateway = await ProxyServer.StartAsync(owners);

        Assert.Equal("placed", await (await gateway.GetAsync("/")).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_node_that_fails_in_a_row_is_left_alone_until_a_probe_succeeds()
    {
        var options = new ProxyOptions { BreakerPause = TimeSpan.FromMilliseconds(100) };
        await using var node = await NodeServer.StartAsync(context => context.Response.WriteAsync("back"));
        var owners = new ScriptedOwners();
        owners.Set(Nowhere, 1);
        await using var gateway = await ProxyServer.StartAsync(owners, options);

        var held = gateway.GetAsync("/");
        await Eventually.TrueAsync(() => gateway.Backend.OpenBreakers == 1);
        owners.Set(node.Address(), 2);

        Assert.Equal("back", await (await held).Content.ReadAsStringAsync());
    }

    private static Task Deny(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        context.Response.Headers[ForwardHeaders.Misdirected] = "6";
        return Task.CompletedTask;
    }
}
