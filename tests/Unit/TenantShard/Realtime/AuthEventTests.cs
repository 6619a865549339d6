using Platform.TenantShard.Auth;
using Platform.TenantShard.Tests.Auth;

namespace Platform.TenantShard.Tests.Realtime;

/// <summary>Writes that are no record requests are heard of all the same.</summary>
public sealed class AuthEventTests : IAsyncLifetime
{
    private const string AnnBody = """{"email":"ann@example.com"}""";

    private MailedAuthServer _server = null!;
    private EventStream _stream = null!;

    public async Task InitializeAsync()
    {
        _server = await MailedAuthServer.StartAsync();
        _stream = await EventStream.OpenAsync(_server.Api.Client);
    }

    public async Task DisposeAsync()
    {
        _stream.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_verification_and_a_password_reset()
    {
        await ListenAsync("users/*");
        await _server.PostAsync("request-verification", AnnBody);
        var token = (await _server.Mail.WaitAsync(0)).After("/confirm-verification/");
        Assert.Equal(204, (await _server.PostAsync("confirm-verification", $$"""{"token":"{{token}}"}""")).Status);
        var verified = await _stream.NextAsync();
        Assert.Equal(("update", true), (verified!.Action, verified.Record.GetProperty("verified").GetBoolean()));
        await _server.PostAsync("request-password-reset", AnnBody);
        token = (await _server.Mail.WaitAsync(1)).After("/confirm-password-reset/");
        Assert.Equal(204, (await _server.PostAsync(
            "confirm-password-reset",
            $$"""{"token":"{{token}}","password":"second one","passwordConfirm":"second one"}""")).Status);
        await _stream.ExpectAsync("users/*", "update", _server.Id);
    }

    [Fact]
    public async Task An_address_change()
    {
        var ann = (await _server.LoginAsync()).Text("token");
        await ListenAsync("users/*");
        await _server.PostAsync("request-email-change", """{"newEmail":"new@example.com"}""", ann);
        var token = (await _server.Mail.WaitAsync(0)).After("/confirm-email-change/");
        Assert.Equal(204, (await _server.PostAsync(
            "confirm-email-change", $$"""{"token":"{{token}}","password":"{{MailedAuthServer.Password}}"}""")).Status);
        var changed = await _stream.NextAsync();
        Assert.Equal("new@example.com", changed!.Record.GetProperty("email").GetString());
    }

    [Fact]
    public async Task A_one_time_password_and_its_use()
    {
        await _server.ChangeAsync(MailedAuthServer.Users, """{"otp":{"enabled":true}}""");
        await ListenAsync("_otps/*");
        var id = (await _server.PostAsync("request-otp", AnnBody)).Text("otpId");
        await _stream.ExpectAsync("_otps/*", "create", id);
        var mail = await _server.Mail.WaitAsync(0);
        var password = System.Text.RegularExpressions.Regex.Match(mail.Plain + mail.Html, @"\b\d{8}\b").Value;
        var answer = await _server.PostAsync("auth-with-otp", $$"""{"otpId":"{{id}}","password":"{{password}}"}""");
        Assert.True(answer.Status == 200, answer.Body);
        await _stream.ExpectAsync("_otps/*", "delete", id);
    }

    [Fact]
    public async Task A_provisioned_superuser()
    {
        await ListenAsync("_superusers/*");
        var shard = _server.Api.Shard;
        var passwords = new PasswordHasher(1, 4);
        var ids = new List<string>();
        for (var round = 0; round < 2; round++)
        {
            var command = await UpsertSuperuser.PrepareAsync(
                shard, passwords, "second@example.com", "some password", default);
            ids.Add(await shard.WriteAsync(command, default));
        }

        await _stream.ExpectAsync("_superusers/*", "create", ids[0]);
        await _stream.ExpectAsync("_superusers/*", "update", ids[1]);
    }

    [Fact]
    public async Task What_belongs_to_a_deleted_record_and_what_is_truncated()
    {
        await _server.Api.CreateCollectionAsync("""{"name":"notes","type":"base","fields":[{"type":"text","name":"text"}]}""");
        var note = await _server.Api.CreateAsync("notes", "{}", _server.Root);
        await _server.ChangeAsync(MailedAuthServer.Users, """{"otp":{"enabled":true}}""");
        var otp = (await _server.PostAsync("request-otp", AnnBody)).Text("otpId");
        await ListenAsync("notes/*", "users/*", "_otps/*");
        Assert.Equal(204, (await _server.Api.SendAsync("DELETE", "/api/collections/notes/truncate", token: _server.Root)).Status);
        await _stream.ExpectAsync("notes/*", "delete", note);
        Assert.Equal(204, (await _server.Api.SendAsync(
            "DELETE", $"{MailedAuthServer.Users}/records/{_server.Id}", token: _server.Root)).Status);
        await _stream.ExpectAsync("users/*", "delete", _server.Id);
        await _stream.ExpectAsync("_otps/*", "delete", otp);
    }

    private async Task ListenAsync(params string[] topics) =>
        Assert.Equal(204, await _stream.SubscribeAsync(_server.Root, topics));
}
