using Platform.TenantShard.Auth;
using Platform.TenantShard.Tests.Http;

namespace Platform.TenantShard.Tests.Auth;

/// <summary>Verification, password reset and e-mail change: a token goes by mail and comes back.</summary>
public sealed class MailedTokenTests : IAsyncLifetime
{
    private const string EmailBody = """{"email":"ann@example.com"}""";

    private MailedAuthServer _server = null!;

    public async Task InitializeAsync() => _server = await MailedAuthServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_mailed_token_verifies_the_address()
    {
        Assert.Equal(204, (await _server.PostAsync("request-verification", EmailBody)).Status);
        var mail = await _server.Mail.WaitAsync(0);
        Assert.Equal((MailedAuthServer.Email, "Verify your Blog email"), (mail.Recipient, mail.Subject));
        var token = mail.After("https://blog.example.com/_/#/auth/confirm-verification/");
        Assert.True(JsonWebToken.TryRead(token, out var claims));
        Assert.Equal(("verification", MailedAuthServer.Email, _server.Id), (claims.Type, claims.Email, claims.Id));
        Assert.Equal(204, (await _server.PostAsync("confirm-verification", $$"""{"token":"{{token}}"}""")).Status);
        Assert.True(await _server.IsVerifiedAsync());
        Assert.Equal(204, (await _server.PostAsync("confirm-verification", $$"""{"token":"{{token}}"}""")).Status);

        // Who is verified gets no more mail.
        _server.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(204, (await _server.PostAsync("request-verification", EmailBody)).Status);
        await RequestResetAsync();
        Assert.Equal("Reset your Blog password", (await _server.Mail.WaitAsync(1)).Subject);
    }

    [Fact]
    public async Task A_mailed_token_sets_a_new_password_and_voids_all_tokens()
    {
        var old = (await _server.LoginAsync()).Text("token");
        await RequestResetAsync();
        var token = (await _server.Mail.WaitAsync(0)).After("/confirm-password-reset/");
        var body = $$"""{"token":"{{token}}","password":"second one","passwordConfirm":"second one"}""";
        Assert.Equal(204, (await _server.PostAsync("confirm-password-reset", body)).Status);
        Assert.Equal(400, (await _server.LoginAsync()).Status);
        Assert.Equal(200, (await _server.LoginAsync(password: "second one")).Status);
        Assert.Equal(401, (await _server.PostAsync("auth-refresh", "{}", old)).Status);
        Assert.True(await _server.IsVerifiedAsync());
        Assert.Equal("validation_invalid_token", ErrorOf(await _server.PostAsync("confirm-password-reset", body), "token"));
    }

    [Fact]
    public async Task A_mailed_token_and_the_password_change_the_address()
    {
        var old = (await _server.LoginAsync()).Text("token");
        Assert.Equal(204, (await _server.PostAsync(
            "request-email-change", """{"newEmail":"new@example.com"}""", old)).Status);
        var mail = await _server.Mail.WaitAsync(0);
        Assert.Equal("new@example.com", mail.Recipient);
        var token = mail.After("/confirm-email-change/");
        Assert.Equal("validation_invalid_password", ErrorOf(await _server.PostAsync(
            "confirm-email-change", $$"""{"token":"{{token}}","password":"wrong"}"""), "password"));
        var body = $$"""{"token":"{{token}}","password":"{{MailedAuthServer.Password}}"}""";
        var changed = await _server.PostAsync("confirm-email-change", body);
        Assert.True(changed.Status == 204, changed.Body);
        Assert.Equal(401, (await _server.PostAsync("auth-refresh", "{}", old)).Status);
        Assert.Equal(400, (await _server.LoginAsync()).Status);
        Assert.Equal(200, (await _server.LoginAsync("new@example.com")).Status);
        Assert.True(await _server.IsVerifiedAsync());
        Assert.Equal(400, (await _server.PostAsync("confirm-email-change", body)).Status);
    }

    [Fact]
    public async Task A_mail_is_not_sent_again_at_once()
    {
        await RequestResetAsync();
        await RequestResetAsync();
        await _server.PostAsync("request-verification", EmailBody);
        Assert.Equal("Verify your Blog email", (await _server.Mail.WaitAsync(1)).Subject);
        _server.Clock.Advance(TimeSpan.FromMinutes(2));
        await RequestResetAsync();
        Assert.Equal("Reset your Blog password", (await _server.Mail.WaitAsync(2)).Subject);
    }

    [Fact]
    public async Task A_token_ends_with_its_time_and_serves_one_purpose()
    {
        await RequestResetAsync();
        var token = (await _server.Mail.WaitAsync(0)).After("/confirm-password-reset/");
        var asOther = await _server.PostAsync("confirm-verification", $$"""{"token":"{{token}}"}""");
        Assert.Equal("validation_invalid_token", ErrorOf(asOther, "token"));
        Assert.Equal(401, (await _server.PostAsync("auth-refresh", "{}", token)).Status);
        var elsewhere = await _server.Api.SendAsync(
            "POST", "/api/collections/_superusers/confirm-password-reset",
            $$"""{"token":"{{token}}","password":"second one","passwordConfirm":"second one"}""");
        Assert.Equal("validation_token_collection_mismatch", ErrorOf(elsewhere, "token"));
        _server.Clock.Advance(TimeSpan.FromMinutes(31));
        var late = await _server.PostAsync(
            "confirm-password-reset", $$"""{"token":"{{token}}","password":"second one","passwordConfirm":"second one"}""");
        Assert.Equal("validation_invalid_token", ErrorOf(late, "token"));
    }

    [Fact]
    public async Task A_template_names_fields_escaped_and_no_secret()
    {
        await _server.ChangeAsync(MailedAuthServer.Users, """
            {"resetPasswordTemplate":{"subject":"{RECORD:name}",
             "body":"{RECORD:name}|{RECORD:email}|{RECORD:tokenKey}|{RECORD:password}|{NOTHING}|{APP_NAME}{"}}
            """);
        await RequestResetAsync();
        var mail = await _server.Mail.WaitAsync(0);
        Assert.Equal("<Ann>", mail.Subject);
        Assert.Contains(
            "&lt;Ann&gt;|ann@example.com|{RECORD:tokenKey}|{RECORD:password}|{NOTHING}|Blog{", mail.Html,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("request-verification", """{"email":"nobody@example.com"}""", 204, null)]
    [InlineData("request-password-reset", """{"email":"nobody@example.com"}""", 204, null)]
    [InlineData("request-verification", "{}", 400, "email")]
    [InlineData("request-verification", """{"email":"ann"}""", 400, "email")]
    [InlineData("request-verification", """{"email":["ann@example.com"]}""", 400, "email")]
    [InlineData("request-password-reset", """{"email":""}""", 400, "email")]
    [InlineData("confirm-verification", "{}", 400, "token")]
    [InlineData("confirm-verification", """{"token":"a.b.c"}""", 400, "token")]
    [InlineData("confirm-password-reset", """{"token":"x"}""", 400, "password")]
    [InlineData("confirm-password-reset", """{"token":"x","password":"12345678","passwordConfirm":"1"}""", 400, "passwordConfirm")]
    [InlineData("confirm-password-reset", """{"token":"x","password":"1","passwordConfirm":"1"}""", 400, "password")]
    [InlineData("confirm-email-change", "{}", 400, "password")]
    [InlineData("request-email-change", """{"newEmail":"x@example.com"}""", 401, null)]
    public async Task A_request_is_answered(string action, string body, int status, string? field)
    {
        var answer = await _server.PostAsync(action, body);
        Assert.True(answer.Status == status, answer.Body);
        if (field is not null) Assert.NotEqual(answer.Body, ErrorOf(answer, field));
    }

    [Theory]
    [InlineData("ann@example.com", "validation_not_in_invalid")]
    [InlineData("bob@example.com", "validation_invalid_new_email")]
    [InlineData("bob", "validation_is_email")]
    [InlineData("", "validation_required")]
    public async Task A_new_address_must_be_free(string email, string code)
    {
        await _server.Api.CreateAsync(
            "users", """{"email":"bob@example.com","password":"12345678","passwordConfirm":"12345678"}""", _server.Root);
        var token = (await _server.LoginAsync()).Text("token");
        var answer = await _server.PostAsync("request-email-change", $$"""{"newEmail":"{{email}}"}""", token);
        Assert.Equal(code, ErrorOf(answer, "newEmail"));
    }

    [Theory]
    [InlineData("request-verification")]
    [InlineData("confirm-verification")]
    [InlineData("request-email-change")]
    [InlineData("confirm-email-change")]
    public async Task Superusers_need_none_of_it(string action) => Assert.Equal(400, (await _server.Api.SendAsync(
        "POST", "/api/collections/_superusers/" + action, EmailBody, _server.Root)).Status);

    private static string ErrorOf(ApiAnswer answer, string field) =>
        answer.Json.GetProperty("data").TryGetProperty(field, out var error)
            ? error.GetProperty("code").GetString()!
            : answer.Body;

    private async Task RequestResetAsync()
    {
        var answer = await _server.PostAsync("request-password-reset", EmailBody);
        Assert.True(answer.Status == 204, answer.Body);
    }
}
