using Platform.TenantShard.Tests.Http;

namespace Platform.TenantShard.Tests.Auth;

/// <summary>One-time passwords, second factors, and alerts of logins from new places.</summary>
public sealed class OtpTests : IAsyncLifetime
{
    private const string EmailBody = """{"email":"ann@example.com"}""";
    private const string OtpOn = """
        {"otp":{"enabled":true,"duration":300,"length":6,"emailTemplate":{"subject":"OTP","body":"code:{OTP} id:{OTP_ID}"}}}
        """;

    private MailedAuthServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await MailedAuthServer.StartAsync();
        await _server.ChangeAsync(MailedAuthServer.Users, OtpOn);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_mailed_password_logs_in_once_and_verifies_the_address()
    {
        var (id, code) = await RequestAsync(0);
        Assert.Matches("^[0-9]{6}$", code);
        Assert.Equal(1, await _server.CountAsync("_otps WHERE password LIKE '$2a$08$%' AND sentTo = 'ann@example.com'"));
        var answer = await SendAsync(id, code);
        Assert.True(answer.Status == 200, answer.Body);
        Assert.Equal(_server.Id, answer.Json.GetProperty("record").GetProperty("id").GetString());
        Assert.True(await _server.IsVerifiedAsync());
        Assert.Equal(200, (await _server.PostAsync("auth-refresh", "{}", answer.Text("token"))).Status);
        Assert.Equal(400, (await SendAsync(id, code)).Status);
        Assert.Equal(0, await _server.CountAsync("_otps"));
    }

    [Fact]
    public async Task An_unknown_address_gets_an_id_and_no_mail()
    {
        var answer = await _server.PostAsync("request-otp", """{"email":"nobody@example.com"}""");
        Assert.Equal((200, 15), (answer.Status, answer.Text("otpId").Length));
        Assert.Equal(400, (await SendAsync(answer.Text("otpId"), "123456")).Status);
        Assert.Equal(0, await _server.CountAsync("_otps"));
    }

    [Fact]
    public async Task An_expired_password_is_refused_and_cleaned_up()
    {
        var (id, code) = await RequestAsync(0);
        _server.Clock.Advance(TimeSpan.FromSeconds(301));
        Assert.Equal(400, (await SendAsync(id, code)).Status);
        await RequestAsync(1);
        Assert.Equal(1, await _server.CountAsync("_otps"));
    }

    [Fact]
    public async Task A_password_is_guessed_only_a_few_times()
    {
        var (id, code) = await RequestAsync(0);
        for (var attempt = 0; attempt < 5; attempt++) Assert.Equal(400, (await SendAsync(id, "x")).Status);
        Assert.Equal(429, (await SendAsync(id, code)).Status);
    }

    [Fact]
    public async Task Only_some_passwords_are_sent_to_one_address()
    {
        for (var count = 0; count < 10; count++)
            Assert.Equal(200, (await _server.PostAsync("request-otp", EmailBody)).Status);
        Assert.Equal(429, (await _server.PostAsync("request-otp", EmailBody)).Status);
    }

    [Theory]
    [InlineData("request-otp", "{}", 400)]
    [InlineData("request-otp", """{"email":"ann"}""", 400)]
    [InlineData("auth-with-otp", "{}", 400)]
    [InlineData("auth-with-otp", """{"otpId":5,"password":"123456"}""", 400)]
    [InlineData("auth-with-otp", """{"otpId":"' OR 1=1 --","password":"123456"}""", 400)]
    public async Task A_mistake_is_refused(string action, string body, int status) =>
        Assert.Equal(status, (await _server.PostAsync(action, body)).Status);

    [Theory]
    [InlineData("request-otp", EmailBody)]
    [InlineData("auth-with-otp", """{"otpId":"a","password":"b"}""")]
    public async Task It_must_be_enabled(string action, string body)
    {
        await _server.ChangeAsync(MailedAuthServer.Users, """{"otp":{"enabled":false}}""");
        Assert.Equal(403, (await _server.PostAsync(action, body)).Status);
    }

    [Fact]
    public async Task A_second_factor_of_another_kind_completes_the_login()
    {
        await _server.ChangeAsync(MailedAuthServer.Users, """{"mfa":{"enabled":true,"duration":600}}""");
        var methods = await _server.Api.SendAsync("GET", MailedAuthServer.Users + "/auth-methods");
        Assert.Contains("\"mfa\":{\"enabled\":true,\"duration\":600},\"otp\":{\"enabled\":true,\"duration\":300}",
            methods.Body, StringComparison.Ordinal);
        var first = await _server.LoginAsync();
        Assert.Equal(401, first.Status);
        Assert.DoesNotContain("token", first.Body, StringComparison.Ordinal);
        var mfaId = first.Text("mfaId");
        var same = await _server.PostAsync(
            "auth-with-password?mfaId=" + mfaId,
            $$"""{"identity":"{{MailedAuthServer.Email}}","password":"{{MailedAuthServer.Password}}"}""");
        Assert.Contains("different authentication method", same.Body, StringComparison.Ordinal);
        var (id, code) = await RequestAsync(0);
        var second = await SendAsync(id, code, mfaId);
        Assert.True(second.Status == 200, second.Body);
        (id, code) = await RequestAsync(1);
        Assert.Contains("expired MFA session", (await SendAsync(id, code, mfaId)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_of_a_first_factor_expires_and_is_nobody_elses()
    {
        await _server.ChangeAsync(MailedAuthServer.Users, """{"mfa":{"enabled":true,"duration":60}}""");
        await _server.Api.CreateAsync(
            "users", """{"email":"bob@example.com","password":"12345678","passwordConfirm":"12345678"}""", _server.Root);
        var bob = (await _server.LoginAsync("bob@example.com", "12345678")).Text("mfaId");
        var (id, code) = await RequestAsync(0);
        Assert.Contains("Invalid MFA session.", (await SendAsync(id, code, bob)).Body, StringComparison.Ordinal);
        var own = (await _server.LoginAsync()).Text("mfaId");
        (id, code) = await RequestAsync(1);
        _server.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Contains("expired MFA", (await SendAsync(id, code, own)).Body, StringComparison.Ordinal);
        Assert.Equal(401, (await _server.LoginAsync()).Status);
        Assert.Equal(1, await _server.CountAsync("_mfas"));
    }

    [Fact]
    public async Task The_rule_says_who_needs_a_second_factor()
    {
        await _server.ChangeAsync(
            MailedAuthServer.Users, """{"mfa":{"enabled":true,"duration":600,"rule":"verified = true"}}""");
        Assert.Equal(200, (await _server.LoginAsync()).Status);
        await _server.ChangeAsync($"{MailedAuthServer.Users}/records/{_server.Id}", """{"verified":true}""");
        Assert.Equal(401, (await _server.LoginAsync()).Status);
    }

    [Fact]
    public async Task A_login_from_a_new_place_is_told_by_mail()
    {
        await _server.ChangeAsync(MailedAuthServer.Users, """{"authAlert":{"enabled":true}}""");
        var agent = _server.Api.Client.DefaultRequestHeaders.UserAgent;
        for (var place = 0; place < 7; place++)
        {
            agent.Clear();
            agent.ParseAdd($"Browser/{place}");
            Assert.Equal(200, (await _server.LoginAsync()).Status);
            Assert.Equal(200, (await _server.LoginAsync()).Status);
            _server.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        // The first place is no news, a place is news once, and the newest five are remembered.
        var mail = await _server.Mail.WaitAsync(5);
        Assert.Contains("127.0.0.1 Browser/6", mail.Html, StringComparison.Ordinal);
        Assert.Equal(5, await _server.CountAsync("_authOrigins WHERE recordRef = '" + _server.Id + "'"));
        Assert.Equal(0, await _server.CountAsync("_authOrigins WHERE length(fingerprint) != 32"));
    }

    private Task<ApiAnswer> SendAsync(string id, string code, string? mfaId = null) => _server.PostAsync(
        "auth-with-otp", $$"""{"otpId":"{{id}}","password":"{{code}}","mfaId":"{{mfaId}}"}""");

    private async Task<(string Id, string Code)> RequestAsync(int mail)
    {
        var answer = await _server.PostAsync("request-otp", EmailBody);
        Assert.True(answer.Status == 200, answer.Body);
        var received = await _server.Mail.WaitAsync(mail);
        Assert.Equal(answer.Text("otpId"), received.After("id:"));
        return (answer.Text("otpId"), received.After("code:"));
    }
}
