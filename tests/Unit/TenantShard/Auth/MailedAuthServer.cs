using Platform.TenantShard.Http;
using Platform.TenantShard.Tests.Http;
using Platform.Testing.Mail;

namespace Platform.TenantShard.Tests.Auth;

/// <summary>A tenant with a mail server and a user, for the flows that go by e-mail.</summary>
internal sealed class MailedAuthServer : IAsyncDisposable
{
    public const string Users = "/api/collections/users";
    public const string Email = "ann@example.com";
    public const string Password = "first password";

    private MailedAuthServer(ApiServer api, ManualClock clock)
    {
        Api = api;
        Clock = clock;
    }

    public ApiServer Api { get; }

    public ManualClock Clock { get; }

    public SmtpReceiver Mail { get; } = new();

    public string Root { get; private set; } = "";

    public string Id { get; private set; } = "";

    public static async Task<MailedAuthServer> StartAsync(TenantApiOptions? options = null)
    {
        var clock = new ManualClock();
        var server = new MailedAuthServer(await ApiServer.StartAsync(new TestShard(clock: clock), options), clock);
        server.Root = await server.Api.SuperuserTokenAsync();
        server.Id = await server.Api.CreateAsync(
            "users", $$"""{"email":"{{Email}}","password":"{{Password}}","passwordConfirm":"{{Password}}","name":"<Ann>"}""",
            server.Root);
        await server.ChangeAsync("/api/settings", $$$"""
            {"meta":{"appName":"Blog","appURL":"https://blog.example.com"},
             "smtp":{"enabled":true,"host":"127.0.0.1","port":{{{server.Mail.Port}}}}}
            """);
        // Logins are told by mail only where a test wants it.
        await server.ChangeAsync(Users, """{"authAlert":{"enabled":false}}""");
        return server;
    }

    public async Task ChangeAsync(string path, string body)
    {
        var answer = await Api.SendAsync("PATCH", path, body, Root);
        Assert.True(answer.Status == 200, answer.Body);
    }

    public Task<ApiAnswer> PostAsync(string action, string body, string? token = null) =>
        Api.SendAsync("POST", $"{Users}/{action}", body, token);

    public Task<ApiAnswer> LoginAsync(string email = Email, string password = Password) =>
        PostAsync("auth-with-password", $$"""{"identity":"{{email}}","password":"{{password}}"}""");

    public async Task<bool> IsVerifiedAsync() =>
        (await Api.SendAsync("GET", $"{Users}/records/{Id}", token: Root)).Json.GetProperty("verified").GetBoolean();

    /// <summary>Rows that meet the condition.</summary>
    public Task<long> CountAsync(string sql) => Api.Shard.ReadAsync(
        sql,
        static (scope, sql) =>
        {
            using var row = scope.Connection.Prepare($"SELECT count(*) FROM {sql}");
            row.Step();
            return row.Int64(0);
        },
        default).AsTask();

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        await Mail.DisposeAsync();
    }
}
