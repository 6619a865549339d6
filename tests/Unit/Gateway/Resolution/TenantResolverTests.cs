using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Platform.Gateway.Resolution;

namespace Platform.Gateway.Tests.Resolution;

public sealed class TenantResolverTests
{
    private readonly TenantResolver _resolver = new(Tenants.Table(), "localhost");

    [Theory]
    [InlineData("acme.localhost")]
    [InlineData("acme.localhost:8090")]
    [InlineData("ACME.LocalHost:8090")]
    [InlineData("acme.localhost.")]
    [InlineData("shop.example.com")]
    [InlineData("Shop.Example.com:443")]
    [InlineData("xn--mnchen-3ya.example")]
    public void The_host_names_the_tenant(string host) => AssertFound("acme", Resolve(host));

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("localhost:8090")]
    [InlineData("127.0.0.1:8090")]
    [InlineData("[::1]:8090")]
    [InlineData("[::1")]
    [InlineData("example.com")]
    [InlineData("sub.shop.example.com")]
    [InlineData("acmelocalhost")]
    public void A_host_of_no_tenant_is_not_a_tenant_request(string host) =>
        Assert.Equal(ResolutionOutcome.NotATenantRequest, Resolve(host).Outcome);

    [Fact]
    public void The_header_names_the_tenant_where_the_host_does_not() =>
        AssertFound("globex", Resolve("127.0.0.1:8090", "globex"));

    [Fact]
    public void Host_and_header_may_agree()
    {
        AssertFound("acme", Resolve("acme.localhost", "acme"));
        AssertFound("acme", Resolve("shop.example.com", "acme"));
    }

    [Theory]
    [InlineData("acme.localhost")]
    [InlineData("shop.example.com")]
    public void Host_and_header_that_disagree_are_refused_with_both_names(string host)
    {
        var resolution = Resolve(host, "globex");

        Assert.Equal(ResolutionOutcome.Ambiguous, resolution.Outcome);
        Assert.Equal(400, resolution.Status);
        Assert.Contains("'acme'", resolution.Message);
        Assert.Contains("'globex'", resolution.Message);
    }

    [Fact]
    public void Two_headers_are_refused_even_when_they_agree() => Assert.Equal(
        ResolutionOutcome.Ambiguous, Resolve("localhost", new StringValues(["acme", "acme"])).Outcome);

    [Theory]
    [InlineData("")]
    [InlineData("ACME")]
    [InlineData("-acme")]
    [InlineData("ac_me")]
    [InlineData("../acme")]
    [InlineData("acme,globex")]
    public void A_malformed_header_is_400_with_the_rule(string header)
    {
        foreach (var host in new[] { "localhost", "acme.localhost" })
        {
            var resolution = Resolve(host, header);
            Assert.Equal((ResolutionOutcome.Malformed, 400), (resolution.Outcome, resolution.Status));
            Assert.Contains("1 to 63 characters", resolution.Message);
        }
    }

    [Theory]
    [InlineData("www.acme.localhost")]
    [InlineData("-.localhost")]
    [InlineData(".localhost")]
    [InlineData("ac_me.localhost")]
    public void More_or_less_than_one_label_before_the_base_domain_is_400(string host) =>
        Assert.Equal(ResolutionOutcome.Malformed, Resolve(host).Outcome);

    [Fact]
    public void A_label_of_64_characters_is_400_and_one_of_63_is_unknown()
    {
        Assert.Equal(ResolutionOutcome.Unknown, Resolve(new string('a', 63) + ".localhost").Outcome);
        Assert.Equal(ResolutionOutcome.Malformed, Resolve(new string('a', 64) + ".localhost").Outcome);
        Assert.Equal(ResolutionOutcome.Unknown, Resolve("localhost", new string('a', 63)).Outcome);
        Assert.Equal(ResolutionOutcome.Malformed, Resolve("localhost", new string('a', 64)).Outcome);
    }

    [Fact]
    public void A_host_longer_than_any_host_name_is_400_and_is_not_echoed()
    {
        Assert.Equal(ResolutionOutcome.NotATenantRequest, Resolve(new string('a', 253)).Outcome);
        var resolution = Resolve(new string('a', 254));
        Assert.Equal(ResolutionOutcome.Malformed, resolution.Outcome);
        Assert.DoesNotContain("aaaa", resolution.Message);
    }

    [Fact]
    public void Unknown_and_deleted_tenants_are_404_with_one_message()
    {
        var unknown = Resolve("nobody.localhost");
        var deleted = Resolve("gone.localhost");

        Assert.Equal((ResolutionOutcome.Unknown, 404), (unknown.Outcome, unknown.Status));
        Assert.Equal((ResolutionOutcome.Deleted, 404), (deleted.Outcome, deleted.Status));
        Assert.Equal("The tenant 'nobody' does not exist or was deleted.", unknown.Message);
        Assert.Equal("The tenant 'gone' does not exist or was deleted.", deleted.Message);
        Assert.Equal(ResolutionOutcome.Deleted, Resolve("gone.example.com").Outcome);
        Assert.Equal(ResolutionOutcome.Unknown, Resolve("localhost", "nobody").Outcome);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer ")]
    [InlineData("bearer ")]
    public void The_tokens_claim_names_the_tenant(string scheme) => AssertFound(
        "acme",
        Resolve("localhost", token: scheme + Token("""{"id":"u1","a":{"tenantId":"x"},"tenantId":"acme"}""")));

    [Fact]
    public void The_header_goes_before_the_token() =>
        AssertFound("globex", Resolve("localhost", "globex", Token("""{"tenantId":"acme"}""")));

    [Fact]
    public void The_host_goes_before_the_token() =>
        AssertFound("acme", Resolve("acme.localhost", token: Token("""{"tenantId":"globex"}""")));

    [Fact]
    public void A_token_of_an_unknown_tenant_is_404() => Assert.Equal(
        ResolutionOutcome.Unknown, Resolve("localhost", token: Token("""{"tenantId":"nobody"}""")).Outcome);

    [Theory]
    [InlineData("""{"tenantId":"ACME"}""")]
    [InlineData("""{"tenantId":7}""")]
    [InlineData("""{"tenantId":null}""")]
    [InlineData("""{"tenantId":{"a":1}}""")]
    [InlineData("""{"tenantId":"acme","tenantId":"globex"}""")]
    [InlineData("""{"tenantId":"äcme"}""")]
    [InlineData("""{"tenantId":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""")]
    public void A_claim_that_cannot_be_a_tenant_id_is_400(string payload) =>
        Assert.Equal(ResolutionOutcome.Malformed, Resolve("localhost", token: Token(payload)).Outcome);

    [Theory]
    [InlineData("Basic YWRtaW46c2VjcmV0")]
    [InlineData("Bearer opaque-admin-token")]
    [InlineData("Bearer a.b")]
    [InlineData("Bearer a.!!!.c")]
    [InlineData("Bearer a.bm90IGpzb24.c")]
    [InlineData("Bearer a.eyJ0ZW5hbnRJZCI6ImFjbWU.c")]
    [InlineData("Bearer a.b.c.d")]
    [InlineData("Bearer ..")]
    public void What_is_no_token_of_a_tenant_is_left_to_the_process(string authorization) =>
        Assert.Equal(ResolutionOutcome.NotATenantRequest, Resolve("localhost", token: authorization).Outcome);

    [Fact]
    public void A_token_longer_than_a_header_line_is_not_looked_into() => Assert.Equal(
        ResolutionOutcome.NotATenantRequest,
        Resolve("localhost", token: Token($$"""{"tenantId":"acme","x":"{{new string('x', 8192)}}"}""")).Outcome);

    [Fact]
    public void A_long_token_is_read() => AssertFound(
        "acme", Resolve("localhost", token: Token($$"""{"x":"{{new string('x', 4000)}}","tenantId":"acme"}""")));

    [Fact]
    public void Without_a_base_domain_only_custom_domains_are_tenants_hosts()
    {
        var resolver = new TenantResolver(Tenants.Table(), "");
        Assert.Equal(ResolutionOutcome.NotATenantRequest, resolver.Resolve(Request("acme.localhost")).Outcome);
        AssertFound("acme", resolver.Resolve(Request("shop.example.com")));
    }

    [Theory]
    [InlineData("acme.localhost:8090", null, null)]
    [InlineData("ACME.localhost:8090", null, null)]
    [InlineData("shop.example.com", null, null)]
    [InlineData("127.0.0.1:8090", "acme", null)]
    [InlineData("acme.localhost:8090", "acme", null)]
    [InlineData("127.0.0.1:8090", null, """{"id":"u1","tenantId":"acme"}""")]
    public void A_found_tenant_costs_no_allocation(string host, string? header, string? payload)
    {
        var request = Request(host, header, payload is null ? default : "Bearer " + Token(payload));
        for (var warmUp = 0; warmUp < 100; warmUp++) AssertFound("acme", _resolver.Resolve(request));

        var found = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
            if (_resolver.Resolve(request).Tenant is not null) found++;
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(1000, found);
        Assert.Equal(0, allocated);
    }

    private static void AssertFound(string id, TenantResolution resolution)
    {
        Assert.Equal(ResolutionOutcome.Found, resolution.Outcome);
        Assert.Equal(id, resolution.Tenant!.Id.Value);
        Assert.Null(resolution.Message);
    }

    private TenantResolution Resolve(string host, StringValues header = default, StringValues token = default) =>
        _resolver.Resolve(Request(host, header, token));

    private static HttpRequest Request(string host, StringValues header = default, StringValues token = default)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Host = host;
        if (header.Count > 0) request.Headers[TenantResolver.HeaderName] = header;
        if (token.Count > 0) request.Headers.Authorization = token;
        return request;
    }

    private static string Token(string payload) =>
        $"eyJhbGciOiJIUzI1NiJ9.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}.c2lnbmF0dXJl";
}
