using System.Net;
using Microsoft.AspNetCore.Http;
using Platform.TenantShard.ClientAddresses;
using Platform.TenantShard.Tests.Http;

namespace Platform.TenantShard.Tests.ClientAddresses;

public sealed class ClientAddressTests
{
    [Theory]
    [InlineData(false, "", "", "10.9.9.9")]
    [InlineData(false, "1.1.1.1", "", "1.1.1.1")]
    [InlineData(false, "1.1.1.1, 2.2.2.2", "", "2.2.2.2")]
    [InlineData(true, "1.1.1.1, 2.2.2.2", "", "1.1.1.1")]
    [InlineData(false, "1.1.1.1, nonsense", "", "1.1.1.1")]
    [InlineData(true, "nonsense,2.2.2.2", "", "2.2.2.2")]
    [InlineData(false, "nonsense", "3.3.3.3", "3.3.3.3")]
    [InlineData(false, "", "::ffff:3.3.3.3", "3.3.3.3")]
    [InlineData(false, "", "2001:db8::1", "2001:db8::1")]
    [InlineData(false, "nonsense", "nonsense", "10.9.9.9")]
    public void The_first_trusted_header_with_an_address_is_believed(
        bool usesLeftmost, string forwarded, string real, string expected)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Parse("::ffff:10.9.9.9");
        http.Request.Headers["X-Forwarded-For"] = forwarded;
        http.Request.Headers["X-Real-IP"] = real;

        Assert.Equal(
            IPAddress.Parse(expected), new TrustedProxy(["X-Forwarded-For", "X-Real-IP"], usesLeftmost).Find(http));
        Assert.Equal(IPAddress.Parse("10.9.9.9"), TrustedProxy.None.Find(http));
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("10.0.0.0/8", "10.200.0.2", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("fd00::/8", "fd12::1", true)]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1", true)]
    public void A_list_knows_addresses_and_networks(string item, string address, bool isIn)
    {
        Assert.Equal(isIn, AddressList.From([item]).Contains(IPAddress.Parse(address)));
        Assert.False(AddressList.From([item]).Contains(null));
    }

    [Fact]
    public async Task Superusers_act_only_from_where_the_settings_let_them()
    {
        await using var server = await ApiServer.StartAsync();
        var root = await server.SuperuserTokenAsync();
        var seen = (await server.SendAsync("GET", "/api/health", token: root)).Json.GetProperty("data");
        Assert.Equal("127.0.0.1", seen.GetProperty("realIP").GetString());

        var allowed = await server.SendAsync("PATCH", "/api/settings", """{"superuserIPs":["127.0.0.0/8"]}""", root);
        Assert.Equal(200, allowed.Status);
        Assert.Equal(200, (await server.SendAsync("GET", "/api/settings", token: root)).Status);
        Assert.Equal(
            200, (await server.SendAsync("PATCH", "/api/settings", """{"superuserIPs":["10.0.0.1"]}""", root)).Status);

        Assert.Equal(403, (await server.SendAsync("GET", "/api/settings", token: root)).Status);
        Assert.Equal(200, (await server.SendAsync("GET", "/api/health")).Status);
        var login = await server.SendAsync(
            "POST", "/api/collections/_superusers/auth-with-password",
            $$"""{"identity":"{{ApiServer.SuperuserEmail}}","password":"{{ApiServer.SuperuserPassword}}"}""");
        Assert.Equal(403, login.Status);
        Assert.DoesNotContain("token", login.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trusted_header_tells_the_address_and_a_likely_one_is_named()
    {
        await using var server = await ApiServer.StartAsync();
        var root = await server.SuperuserTokenAsync();
        server.Client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        var before = (await server.SendAsync("GET", "/api/health", token: root)).Json.GetProperty("data");
        Assert.Equal("127.0.0.1", before.GetProperty("realIP").GetString());
        Assert.Equal("X-Forwarded-For", before.GetProperty("possibleProxyHeader").GetString());

        await server.SendAsync("PATCH", "/api/settings", """{"trustedProxy":{"headers":["X-Forwarded-For"]}}""", root);

        var after = (await server.SendAsync("GET", "/api/health", token: root)).Json.GetProperty("data");
        Assert.Equal("203.0.113.7", after.GetProperty("realIP").GetString());
    }
}
