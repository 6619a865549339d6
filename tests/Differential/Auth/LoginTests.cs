using Platform.Differential.Tests.Data;
using Platform.Differential.Tests.Support;

namespace Platform.Differential.Tests.Auth;

/// <summary>Logins by password, refreshes, and what others see of a user.</summary>
[Collection(PeersCollection.Name)]
public sealed class LoginTests(Peers peers)
{
    private const string Members = "api/collections/members";

    [Fact]
    public async Task Logins_are_the_same()
    {
        var calls = new List<ApiCall>();
        foreach (var body in (string[])
        [
            $$"""{"identity":"anna@example.com","password":"{{BlogRecords.Password}}"}""",
            $$"""{"identity":"anna","password":"{{BlogRecords.Password}}"}""",
            """{"identity":"anna","password":"wrong"}""", """{"identity":"nobody","password":"wrong"}""", """{"identity":"","password":""}""",
            """{}""", """{"identity":"anna"}""", """{"password":"x"}""", """{"identity":1,"password":2}""", "{",
            $$"""{"identity":"anna' OR 1=1","password":"{{BlogRecords.Password}}"}""", $$"""{"identity":"anna","password":"{{BlogRecords.Password}} "}""",
        ])
        {
            calls.Add(new ApiCall("POST", Members + "/auth-with-password", body, As: null));
        }

        var good = $$"""{"identity":"bert","password":"{{BlogRecords.Password}}"}""";
        foreach (var query in (string[])["fields=record.id", "fields=token", "fields=*,record.name", "expand=authors_via_member", "fields=record.username,record.expand&expand=authors_via_member"])
            calls.Add(new ApiCall("POST", $"{Members}/auth-with-password?{query}", good, As: null));
        foreach (var who in new[] { "anna", null })
        {
            calls.Add(new ApiCall("POST", Members + "/auth-refresh", As: who));
            calls.Add(new ApiCall("POST", Members + "/auth-refresh?fields=record.id", As: who));
        }

        calls.Add(new ApiCall("POST", "api/collections/nope/auth-with-password", good, As: null));
        await peers.AssertAllSameAsync(calls);
    }

    /// <summary>The current line says the same in other members.</summary>
    [Fact]
    public async Task Ways_to_log_in_are_told_alike()
    {
        foreach (var who in new[] { null, "anna", ApiCall.Superuser })
        {
            var call = new ApiCall("GET", Members + "/auth-methods", As: who);
            var old = (await peers.PocketBase.SendAsync(call)).Json!;
            var answer = (await peers.Platform.SendAsync(call)).Json!;
            var fields = answer["password"]!["identityFields"]!.AsArray().Select(field => field!.GetValue<string>()).ToList();
            Assert.True(answer["password"]!["enabled"]!.GetValue<bool>());
            Assert.Equal(old["emailPassword"]!.GetValue<bool>(), fields.Contains("email"));
            Assert.Equal(old["usernamePassword"]!.GetValue<bool>(), fields.Contains("username"));
            Assert.Equal(old["authProviders"]!.AsArray().Count, answer["oauth2"]!["providers"]!.AsArray().Count);
        }
    }

    [Fact]
    public async Task Addresses_are_seen_by_those_who_may()
    {
        var calls = new List<ApiCall>();
        foreach (var who in new[] { null, "anna", "bert", ApiCall.Superuser })
        {
            calls.Add(new ApiCall("GET", Members + "/records?sort=id", As: who));
            for (var i = 0; i < 3; i++) calls.Add(new ApiCall("GET", $"{Members}/records/{BlogRecords.Id("members", i)}", As: who));
            calls.Add(new ApiCall("GET", Members + "/records?sort=id&filter=email~'anna'", As: who));
            calls.Add(new ApiCall("GET", Members + "/records?sort=id&filter=email~'bert'", As: who));
            calls.Add(new ApiCall("GET", "api/collections/authors/records?sort=id&expand=member&fields=id,expand.member.email", As: who));
            calls.Add(new ApiCall("GET", "api/collections/authors/records?sort=id&fields=id&filter=member.email~'bert'", As: who));
        }

        await peers.AssertAllSameAsync(calls);
    }

    [Fact]
    public async Task Users_are_created_and_changed_alike()
    {
        await peers.CreateCollectionOnceAsync("""
            {"id":"clients00000000","name":"clients","type":"auth","listRule":"","viewRule":"","createRule":"","updateRule":"id = @request.auth.id",
             "deleteRule":null,"manageRule":null,"authRule":"","passwordAuth":{"enabled":true,"identityFields":["email","username"]},
             "indexes":["CREATE UNIQUE INDEX idx_clients_username ON clients (username)"],
             "fields":[{"name":"email","type":"email","system":true,"required":false},{"name":"username","type":"text"},{"name":"name","type":"text"}]}
            """);
        const string Clients = "api/collections/clients/records";
        const string First = Clients + "/client000000001";
        var calls = new List<ApiCall>();
        foreach (var body in (string[])
        [
            """{}""", """{"username":"zoe"}""", """{"username":"zoe","password":"short","passwordConfirm":"short"}""",
            """{"username":"zoe","password":"long enough 1"}""", """{"username":"zoe","password":"long enough 1","passwordConfirm":"other one 2"}""",
            """{"id":"client000000001","username":"zoe","email":"zoe@example.com","password":"long enough 1","passwordConfirm":"long enough 1","name":"Zoe","verified":false}""",
            """{"id":"client000000002","username":"yan","email":"no address","password":"long enough 1","passwordConfirm":"long enough 1"}""",
            """{"id":"client000000002","username":"zoe","email":"yan@example.com","password":"long enough 1","passwordConfirm":"long enough 1"}""",
            """{"id":"client000000002","username":"yan","password":"long enough 1","passwordConfirm":"long enough 1","emailVisibility":true}""",
        ])
        {
            calls.Add(new ApiCall("POST", Clients, body, As: null));
        }

        await peers.AssertAllSameAsync(calls);
        await peers.SignInAsync("zoe", "clients", "zoe", "long enough 1");
        calls.Clear();
        foreach (var body in (string[])
        [
            """{"name":"Zoë"}""", """{"email":"new@example.com"}""", """{"verified":true}""", """{"emailVisibility":true}""", """{"username":"zoe2"}""",
            """{"password":"another one 3","passwordConfirm":"another one 3"}""",
            """{"oldPassword":"wrong","password":"another one 3","passwordConfirm":"another one 3"}""",
            """{"oldPassword":"long enough 1","password":"another one 3","passwordConfirm":"another"}""", """{"tokenKey":"x"}""",
        ])
        {
            calls.Add(new ApiCall("PATCH", First, body, "zoe"));
            calls.Add(new ApiCall("GET", First, As: "zoe"));
        }

        calls.AddRange(
        [
            new ApiCall("PATCH", First, """{"name":"by another"}""", "anna"), new ApiCall("DELETE", First, As: "zoe"), new ApiCall("DELETE", First, As: null),
            new ApiCall("PATCH", First, """{"email":"by@superuser.com","verified":true}"""), new ApiCall("GET", First),
        ]);
        await peers.AssertAllSameAsync(calls);
    }
}
