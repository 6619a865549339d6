using Platform.Cluster.Tests.Support;

namespace Platform.Cluster.Tests.Recovery;

public sealed class RecoveryBadInputTests(RecoveryBadInputTests.SharedNode node)
    : IClassFixture<RecoveryBadInputTests.SharedNode>
{
    [Theory]
    [InlineData("rewind", "{}", "at", "validation_required")]
    [InlineData("rewind", """{"at":"2026-01-01T00:00:00Z","txid":"1"}""", "txid", "validation_ambiguous")]
    [InlineData("rewind", """{"at":"yesterday"}""", "at", "validation_invalid_format")]
    [InlineData("rewind", """{"at":"2026-01-01T00:00:00"}""", "at", "validation_invalid_format")]
    [InlineData("rewind", """{"at":"2026-13-01T00:00:00Z"}""", "at", "validation_invalid_format")]
    [InlineData("rewind", """{"at":1767225600}""", "at", "validation_invalid_type")]
    [InlineData("rewind", """{"at":"9999-01-01T00:00:00Z"}""", "at", "validation_out_of_range")]
    [InlineData("rewind", """{"at":"2001-01-01T00:00:00+02:00"}""", "at", "validation_not_retained")]
    [InlineData("rewind", """{"at":"2001-01-01 00:00:00.123Z","into":"x"}""", "at", "validation_not_retained")]
    [InlineData("rewind", """{"txid":"ff"}""", "txid", "validation_not_retained")]
    [InlineData("rewind", """{"txid":"0"}""", "txid", "validation_invalid_format")]
    [InlineData("rewind", """{"txid":"00000000000000001"}""", "txid", "validation_invalid_format")]
    [InlineData("rewind", """{"txid":"xyz"}""", "txid", "validation_invalid_format")]
    [InlineData("rewind", """{"txid":"1","into":"acme"}""", "into", "validation_invalid_choice")]
    [InlineData("rewind", """{"txid":"1","into":"Not Valid"}""", "into", "validation_invalid_format")]
    [InlineData("rewind", """{"txid":"1","into":"platform"}""", "into", "validation_reserved")]
    [InlineData("rewind", """{"txid":"1","inTo":"x"}""", "inTo", "validation_unknown_field")]
    [InlineData("rewind", """{"txid":"1","secrets":"keep"}""", "secrets", "validation_ambiguous")]
    [InlineData("clone", """{"into":"x","secrets":"mine"}""", "secrets", "validation_invalid_choice")]
    [InlineData("clone", "{}", "into", "validation_required")]
    [InlineData("clone", """{"into":"x","at":"2026-01-01T00:00:00Z"}""", "at", "validation_unknown_field")]
    [InlineData("backups", """{"name":"../../etc"}""", "name", "validation_invalid_format")]
    [InlineData("backups", """{"name":""}""", "name", "validation_invalid_format")]
    [InlineData("backups", """{"name":"a","at":"never"}""", "at", "validation_invalid_format")]
    [InlineData("backups", """{"txid":"99"}""", "txid", "validation_not_retained")]
    public async Task Bad_requests_are_refused_at_their_field(string action, string body, string field, string code)
    {
        var (status, answer) = await node.Node.SendAsync("POST", $"{RecoveryApi.Acme}/{action}", body);
        Assert.Equal(400, status);
        Assert.Equal(code, RecoveryApi.Reason(answer, field));
    }

    [Theory]
    [InlineData("GET", "/api/cp/tenants/acme/backups/..%2Fmetadata.json")]
    [InlineData("GET", "/api/cp/tenants/acme/backups/missing")]
    [InlineData("DELETE", "/api/cp/tenants/acme/backups/missing.zip")]
    [InlineData("POST", "/api/cp/tenants/nobody/backups")]
    [InlineData("POST", "/api/cp/tenants/nobody/rewind")]
    [InlineData("POST", "/api/cp/tenants/nobody/clone")]
    [InlineData("GET", "/api/cp/tenants/nobody/history")]
    public async Task What_is_not_there_is_not_found(string method, string path) =>
        Assert.Equal(404, (await node.Node.SendAsync(method, path)).Status);

    /// <summary>One node for all rows: none of them changes anything.</summary>
    public sealed class SharedNode : IAsyncLifetime
    {
        internal NodeFixture Node { get; private set; } = null!;

        public async Task InitializeAsync() => Node = await RecoveryApi.StartAsync(superusers: 1);

        public async Task DisposeAsync()
        {
            var superusers = await RecoveryApi.SuperusersAsync(Node, upTo: 1);
            await Node.DisposeAsync();
            Assert.Equal("1", superusers);
        }
    }
}
