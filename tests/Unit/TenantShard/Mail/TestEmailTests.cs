using Platform.TenantShard.Tests.Http;
using Platform.Testing.Mail;

namespace Platform.TenantShard.Tests.Mail;

public sealed class TestEmailTests : IAsyncLifetime
{
    private const string Path = "/api/settings/test/email";
    private readonly SmtpReceiver _mail = new();
    private ApiServer _server = null!;
    private string _root = "";

    public async Task InitializeAsync()
    {
        _server = await ApiServer.StartAsync();
        _root = await _server.SuperuserTokenAsync();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _mail.DisposeAsync();
    }

    [Theory]
    [InlineData("verification", "Verify your Blog email", "/_/#/auth/confirm-verification/test_token")]
    [InlineData("password-reset", "Reset your Blog password", "/_/#/auth/confirm-password-reset/test_token")]
    [InlineData("email-change", "Confirm your Blog new email address", "/_/#/auth/confirm-email-change/test_token")]
    [InlineData("otp", "OTP for Blog", "123456")]
    [InlineData("login-alert", "Login from a new location", "your Blog account")]
    public async Task Every_template_is_sent(string template, string subject, string text)
    {
        await EnableAsync();
        var answer = await SendAsync($$"""{"template":"{{template}}","email":"ann@example.com","collection":"users"}""");
        Assert.True(answer.Status == 204, answer.Body);
        var mail = await _mail.WaitAsync(0);
        Assert.Equal((subject, "ann@example.com", "me@example.com"), (mail.Subject, mail.Recipient, mail.Sender));
        Assert.Contains(text, mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_superuser_is_told_what_the_server_says()
    {
        const string Body = """{"template":"otp","email":"ann@example.com"}""";
        Assert.Contains("not enabled", (await SendAsync(Body)).Body, StringComparison.Ordinal);
        await EnableAsync();
        _mail.Refusal = "550 no such mailbox";
        var answer = await SendAsync(Body);
        Assert.Equal(400, answer.Status);
        Assert.Contains("550 no such mailbox", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "email")]
    [InlineData("""{"email":"ann","template":"otp"}""", "email")]
    [InlineData("""{"email":"ann@example.com","template":"x"}""", "template")]
    [InlineData("""{"email":"ann@example.com","template":5}""", "template")]
    [InlineData("""{"email":"ann@example.com","template":"otp","collection":"nope"}""", "collection")]
    public async Task A_mistake_is_named(string body, string field)
    {
        var answer = await SendAsync(body);
        Assert.Equal(400, answer.Status);
        Assert.True(answer.Json.GetProperty("data").TryGetProperty(field, out _), answer.Body);
    }

    [Fact]
    public async Task It_is_for_superusers() => Assert.Equal(401, (await _server.SendAsync("POST", Path, "{}")).Status);

    private Task<ApiAnswer> SendAsync(string body) => _server.SendAsync("POST", Path, body, _root);

    private async Task EnableAsync()
    {
        var answer = await _server.SendAsync("PATCH", "/api/settings", $$$"""
            {"meta":{"appName":"Blog","appURL":"https://blog.example.com","senderAddress":"me@example.com"},
             "smtp":{"enabled":true,"host":"127.0.0.1","port":{{{_mail.Port}}}}}
            """, _root);
        Assert.True(answer.Status == 200, answer.Body);
    }
}
