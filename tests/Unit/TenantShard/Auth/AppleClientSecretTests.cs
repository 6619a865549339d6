using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Platform.TenantShard.Tests.Http;

namespace Platform.TenantShard.Tests.Auth;

public sealed class AppleClientSecretTests : IAsyncLifetime
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private ApiServer _server = null!;
    private string _root = "";

    public async Task InitializeAsync()
    {
        _server = await ApiServer.StartAsync();
        _root = await _server.SuperuserTokenAsync();
    }

    public async Task DisposeAsync()
    {
        _key.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_secret_is_a_token_that_the_key_signed()
    {
        var answer = await SendAsync(_key.ExportPkcs8PrivateKeyPem(), 3600);
        Assert.True(answer.Status == 200, answer.Body);
        var parts = answer.Text("secret").Split('.');
        var header = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0])).RootElement;
        var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1])).RootElement;
        Assert.Equal(("ES256", "KEY4567890"), (header.GetProperty("alg").GetString(), header.GetProperty("kid").GetString()));
        Assert.Equal(
            ("https://appleid.apple.com", "TEAM567890", "com.example.app"),
            (claims.GetProperty("aud").GetString(), claims.GetProperty("iss").GetString(), claims.GetProperty("sub").GetString()));
        Assert.Equal(3600, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
        Assert.True(_key.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256));
    }

    [Fact]
    public async Task A_broken_key_and_other_mistakes_are_refused()
    {
        var broken = await SendAsync("no key", 3600);
        Assert.Equal((400, "Failed to generate client secret. Raw error: invalid private key."), (broken.Status, broken.Text("message")));
        var tooLong = await SendAsync(_key.ExportPkcs8PrivateKeyPem(), 15777001);
        Assert.Contains("\"duration\":{\"code\":\"validation_out_of_range\"", tooLong.Body, StringComparison.Ordinal);
        var empty = await _server.SendAsync("POST", "/api/settings/apple/generate-client-secret", "{}", _root);
        foreach (var field in new[] { "clientId", "teamId", "keyId", "privateKey", "duration" })
            Assert.Contains($"\"{field}\":", empty.Body, StringComparison.Ordinal);
        Assert.Equal(401, (await _server.SendAsync("POST", "/api/settings/apple/generate-client-secret", "{}")).Status);
    }

    private Task<ApiAnswer> SendAsync(string privateKey, int duration) => _server.SendAsync(
        "POST", "/api/settings/apple/generate-client-secret",
        JsonSerializer.Serialize(new
        {
            clientId = "com.example.app",
            teamId = "TEAM567890",
            keyId = "KEY4567890",
            privateKey,
            duration,
        }),
        _root);
}
