using System.Text.Json.Nodes;
using Platform.Replication.ObjectStore;
using Platform.Testing.ObjectStores;

namespace Platform.Conformance.Tests.Contract;

/// <summary>Backups in the S3 bucket of a tenant's own settings, with a real S3 server.</summary>
[Collection(ContractServer.Name)]
public sealed class BackupBucketTests(ContractServer server) : IAsyncLifetime
{
    private S3Server _s3 = null!;
    private string _bucket = "";

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _s3 = await S3Server.StartAsync();
        _bucket = await _s3.CreateBucketAsync();
    }

    /// <inheritdoc/>
    public async Task DisposeAsync() => await _s3.DisposeAsync();

    [Fact]
    public async Task Backups_are_in_the_bucket_of_the_settings_and_come_back_from_there()
    {
        await using var run = new RowRun(server, server.Copy(), "a bucket");
        await run.StepAsync(Step("post", "/api/backups", """{"name":"ours.zip"}"""));
        await run.StepAsync(Step("patch", "/api/settings", Settings(_s3.SecretKey)));
        await run.StepAsync(Step("get", "/api/backups", expected: "[]"));
        await run.StepAsync(Step("post", "/api/backups", """{"name":"mine.zip"}"""));
        await run.StepAsync(Step("post", "/api/backups", """{"name":"mine.zip"}""", status: 400));
        await run.StepAsync(Step("get", "/api/backups", expected: """[{"key":"mine.zip"}]"""));
        using var store = new S3ObjectStore(_s3.Options(_bucket), TimeProvider.System);
        var keys = new List<string>();
        await foreach (var entry in store.ListAsync("", null, default)) keys.Add(entry.Key);
        Assert.Equal(["mine.zip"], keys);

        await run.StepAsync(Step("delete", "/api/collections/posts/records/{draft}"));
        await run.StepAsync(Step("post", "/api/backups/mine.zip/restore"));
        await run.StepAsync(Step("get", "/api/collections/posts/records/{draft}", expected: """{"id":"{draft}"}"""));
        await run.StepAsync(Step("get", "/api/backups", expected: """[{"key":"mine.zip"}]"""));
        var download = await run.StepAsync(Step("get", "/api/backups/mine.zip?token={file root}"));
        Assert.Contains("data.db", download.Text, StringComparison.Ordinal);
        await run.StepAsync(Step("delete", "/api/backups/mine.zip"));
        Assert.Null(await store.OpenReadAsync("mine.zip", 0, null, default));

        await run.StepAsync(Step("patch", "/api/settings", """{"backups":{"s3":{"enabled":false}}}"""));
        await run.StepAsync(Step("get", "/api/backups", expected: """[{"key":"ours.zip"}]"""));
    }

    [Fact]
    public async Task A_bucket_that_cannot_be_used_is_refused_in_words()
    {
        await using var run = new RowRun(server, server.Copy(), "a bad bucket");
        await run.StepAsync(Step("patch", "/api/settings", Settings("wrong")));
        var refused = await run.StepAsync(Step("get", "/api/backups", status: 400));
        Assert.Contains("credentials", refused.Text, StringComparison.Ordinal);
        await run.StepAsync(Step("post", "/api/backups", """{"name":"mine.zip"}""", status: 400));
        await _s3.KillAsync();
        await run.StepAsync(Step("get", "/api/backups", status: 400));
    }

    private static JsonObject Step(
        string method, string path, string? body = null, string? expected = null, int? status = null)
    {
        var step = new JsonObject { [method] = path };
        if (body is not null) step["send"] = JsonNode.Parse(body);
        if (expected is not null) step["has"] = JsonNode.Parse(expected);
        if (status is not null) step["is"] = (long)status;
        return step;
    }

    private string Settings(string secret) => new JsonObject
    {
        ["backups"] = new JsonObject
        {
            ["s3"] = new JsonObject
            {
                ["enabled"] = true,
                ["endpoint"] = _s3.Endpoint.ToString(),
                ["bucket"] = _bucket,
                ["region"] = _s3.Region,
                ["accessKey"] = _s3.AccessKey,
                ["secret"] = secret,
                ["forcePathStyle"] = true,
            },
        },
    }.ToJsonString();
}
