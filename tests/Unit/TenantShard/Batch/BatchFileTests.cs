using Platform.TenantShard.Tests.Files;
using Platform.TenantShard.Tests.Http;

namespace Platform.TenantShard.Tests.Batch;

public sealed class BatchFileTests(FilesApi files) : IClassFixture<FilesApi>, IAsyncLifetime
{
    public async Task InitializeAsync()
    {
        var answer = await files.Server.SendAsync(
            "PATCH", "/api/settings", """{"batch":{"enabled":true,"maxRequests":50,"timeout":5}}""", files.Root);
        Assert.True(answer.Status == 200, answer.Body);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Files_go_to_the_request_of_their_number()
    {
        var answer = await SendAsync(
            """
            {"requests":[
              {"method":"POST","url":"/api/collections/docs/records","body":{"id":"batchfile000001","title":"a"}},
              {"method":"PUT","url":"/api/collections/docs/records","body":{"id":"batchfile000002","title":"b"}},
              {"method":"PUT","url":"/api/collections/docs/records","body":{"id":"batchfile000001","title":"c"}}]}
            """,
            ("requests.0.one", FilesApi.Text("first"), "first.txt"),
            ("requests[1].one", FilesApi.Text("second"), "second.txt"),
            ("requests.2.secret", FilesApi.Text("third"), "third.txt"));
        Assert.True(answer.Status == 200, answer.Body);
        var bodies = answer.Json.EnumerateArray().Select(static item => item.GetProperty("body")).ToList();
        Assert.StartsWith("first_", bodies[0].GetProperty("one").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("second_", bodies[1].GetProperty("one").GetString(), StringComparison.Ordinal);
        Assert.Equal("c", bodies[2].GetProperty("title").GetString());
        using var read = await files.GetAsync(FilesApi.Url(bodies[1], "one"));
        Assert.Equal("second", await read.Content.ReadAsStringAsync());
        Assert.Equal(2, (await files.ObjectsAsync("batchfile000001")).Count);
    }

    [Fact]
    public async Task A_refused_batch_leaves_no_file()
    {
        var answer = await SendAsync(
            """
            {"requests":[
              {"method":"POST","url":"/api/collections/docs/records","body":{"id":"batchfile000003","title":"a"}},
              {"method":"POST","url":"/api/collections/closed/records","body":{"title":"shut"}}]}
            """,
            ("requests.0.one", FilesApi.Text("first"), "first.txt"));
        Assert.Equal(400, answer.Status);
        var response = answer.Json.GetProperty("data").GetProperty("requests").GetProperty("1").GetProperty("response");
        Assert.Equal("Failed to create record.", response.GetProperty("message").GetString());
        Assert.Empty(await files.ObjectsAsync("batchfile000003"));
    }

    [Fact]
    public async Task A_file_that_its_field_refuses_refuses_the_batch()
    {
        var answer = await SendAsync(
            """{"requests":[{"method":"POST","url":"/api/collections/docs/records","body":{"id":"batchfile000004"}}]}""",
            ("requests.0.many", FilesApi.Text("no picture"), "a.png"));
        Assert.Equal(400, answer.Status);
        Assert.Contains("validation_invalid_mime_type", answer.Body, StringComparison.Ordinal);
        Assert.Empty(await files.ObjectsAsync("batchfile000004"));
    }

    [Fact]
    public async Task A_deleted_record_takes_its_files_with_it()
    {
        await SendAsync(
            """{"requests":[{"method":"POST","url":"/api/collections/docs/records","body":{"id":"batchfile000005"}}]}""",
            ("requests.0.one", FilesApi.Text("first"), "first.txt"));
        Assert.Single(await files.ObjectsAsync("batchfile000005"));
        var answer = await SendAsync(
            """{"requests":[{"method":"DELETE","url":"/api/collections/docs/records/batchfile000005"}]}""");
        Assert.True(answer.Status == 200, answer.Body);
        await files.UntilObjectsAsync("batchfile000005", 0);
    }

    private Task<ApiAnswer> SendAsync(string payload, params (string Key, object Value, string? FileName)[] parts) =>
        files.SendAsync("POST", "/api/batch", [("@jsonPayload", payload, null), .. parts]);
}
