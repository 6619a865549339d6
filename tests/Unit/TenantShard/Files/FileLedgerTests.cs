using Platform.TenantShard.Files;
using Platform.TenantShard.Shards;
using Platform.Testing.Files;

namespace Platform.TenantShard.Tests.Files;

/// <summary>What files weigh follows the records that name them, transaction by transaction.</summary>
public sealed class FileLedgerTests : IAsyncLifetime
{
    private readonly FilesApi _api = new();

    public Task InitializeAsync() => _api.InitializeAsync();

    public Task DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Nothing_weighs_nothing() => Assert.Equal(0, await TotalAsync());

    [Fact]
    public async Task Uploads_count_until_their_record_names_them_no_more()
    {
        var record = await _api.CreateAsync(("one", new byte[1000], "a.bin"), ("secret", new byte[200], "b.bin"));
        Assert.Equal(1200, await TotalAsync());
        var path = $"/api/collections/docs/records/{record.GetProperty("id").GetString()}";
        await ExpectAsync(200, "PATCH", path, ("one", new byte[50], "c.bin"));
        Assert.Equal(250, await TotalAsync());
        Assert.Equal(200, (await _api.Server.SendAsync("PATCH", path, """{"secret":""}""")).Status);
        Assert.Equal(50, await TotalAsync());
        Assert.Equal(200, (await _api.Server.SendAsync("PATCH", path, """{"title":"nothing of files"}""")).Status);
        Assert.Equal(50, await TotalAsync());
        Assert.Equal(204, (await _api.Server.SendAsync("DELETE", path)).Status);
        Assert.Equal(0, await TotalAsync());
    }

    [Fact]
    public async Task Files_that_stay_beside_one_that_goes_still_count()
    {
        var png = TestImage.Png(4, 4);
        var record = await _api.CreateAsync(("many", png, "a.png"), ("many", png, "b.png"));
        Assert.Equal(2 * png.Length, await TotalAsync());
        var path = $"/api/collections/docs/records/{record.GetProperty("id").GetString()}";
        var gone = record.GetProperty("many")[0].GetString();
        Assert.Equal(200, (await _api.Server.SendAsync("PATCH", path, $$"""{"many-":["{{gone}}"]}""")).Status);
        Assert.Equal(png.Length, await TotalAsync());
    }

    [Fact]
    public async Task Writes_that_are_refused_count_nothing()
    {
        await ExpectAsync(400, "POST", "/api/collections/docs/records", ("one", new byte[200_000], "large.bin"));
        await ExpectAsync(400, "POST", "/api/collections/closed/records", ("one", new byte[10], "a.bin"));
        var record = await _api.CreateAsync(("one", new byte[10], "a.bin"));
        await ExpectAsync(
            400, "PATCH", $"/api/collections/docs/records/{record.GetProperty("id").GetString()}",
            ("one", new byte[200_000], "large.bin"));
        Assert.Equal(10, await TotalAsync());
    }

    [Theory]
    [InlineData("/api/collections/docs/truncate")]
    [InlineData("/api/collections/docs")]
    public async Task Collections_go_with_all_their_files(string path)
    {
        await _api.CreateAsync(("one", new byte[10], "a.bin"));
        await _api.CreateAsync(("one", new byte[20], "b.bin"));
        Assert.Equal(30, await TotalAsync());
        Assert.Equal(204, (await _api.Server.SendAsync("DELETE", path, token: _api.Root)).Status);
        Assert.Equal(0, await TotalAsync());
    }

    [Fact]
    public async Task A_sweep_counts_what_was_stored_before_there_was_a_ledger()
    {
        var record = await _api.CreateAsync(("one", new byte[300], "a.bin"));
        await _api.Server.Shard.WriteAsync(new Run($"DROP TABLE {FileLedger.Table}"), default);
        Assert.Equal(0, await TotalAsync());
        var file = new FileReference(
            record.GetProperty("collectionId").GetString()!, record.GetProperty("id").GetString()!,
            record.GetProperty("one").GetString()!);
        var sweep = new NoteUnreferencedFiles(
            _api.Server.Shard.Files.Storage, new Dictionary<FileReference, long?> { [file] = 300 });
        Assert.Equal(0, await _api.Server.Shard.WriteAsync(sweep, default));
        Assert.Equal(0, await _api.Server.Shard.WriteAsync(sweep, default));
        Assert.Equal(300, await TotalAsync());
    }

    private async Task ExpectAsync(int status, string method, string path, params (string, object, string?)[] parts)
    {
        var answer = await _api.SendAsync(method, path, parts);
        Assert.True(answer.Status == status, answer.Body);
    }

    private Task<long> TotalAsync() => _api.Server.Shard.ReadAsync(
        0, static (scope, _) => FileLedger.Total(scope.Connection), default).AsTask();

    private sealed class Run(string sql) : WriteCommand<bool>
    {
        public override bool Execute(WriteScope scope)
        {
            scope.Connection.Execute(sql);
            return true;
        }
    }
}
