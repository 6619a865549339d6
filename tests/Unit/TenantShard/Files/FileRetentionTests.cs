using Microsoft.Extensions.Logging.Abstractions;
using Platform.TenantShard.Database;
using Platform.TenantShard.Files;
using Platform.TenantShard.Templates;
using Platform.TenantShard.Tests.Http;

namespace Platform.TenantShard.Tests.Files;

/// <summary>What a record gave up stays for as long as a moment that names it can be restored, and then goes.</summary>
public sealed class FileRetentionTests : IAsyncLifetime
{
    private static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    private readonly ShiftedClock _clock = new();
    private FilesApi _api = null!;

    public async Task InitializeAsync()
    {
        _api = new FilesApi();
        await _api.InitializeAsync(new TestShard(clock: _clock, fileRetention: Retention));
    }

    public Task DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task A_deleted_records_file_stays_for_the_retention()
    {
        var id = await CreateAsync("x");
        await DeleteAsync(id);
        await SweepAsync(TimeSpan.FromHours(23.9));
        Assert.Single(await _api.ObjectsAsync(id));

        await SweepAsync(TimeSpan.FromHours(0.2));
        Assert.Empty(await _api.ObjectsAsync(id));
    }

    [Fact]
    public async Task Each_replaced_file_stays_for_the_retention_from_its_own_replacement_on()
    {
        var id = await CreateAsync("first");
        await ReplaceAsync(id, "second");
        await SweepAsync(TimeSpan.FromHours(12));
        await ReplaceAsync(id, "third");
        await SweepAsync(TimeSpan.FromHours(12.1));
        Assert.Equal(["second", "third"], (await _api.ObjectsAsync(id)).Select(static name => name.Split('_')[0]));

        await SweepAsync(TimeSpan.FromHours(12));
        Assert.StartsWith("third_", Assert.Single(await _api.ObjectsAsync(id)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_into_a_folder_after_its_removal_is_not_covered_by_it()
    {
        await _api.Server.CreateCollectionAsync(
            """{"name":"short","type":"base","createRule":"","fields":[{"type":"file","name":"one"}]}""");
        var before = await CreateAsync("before", "short");
        await TruncateAsync();
        _clock.Offset += TimeSpan.FromSeconds(5);
        var later = await CreateAsync("later", "short");
        // The clock that a file system takes its times from is some milliseconds coarse.
        foreach (var path in Directory.GetFiles(
            _api.Server.Shard.ObjectPath("tenants/acme/storage"), "later*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(path, _clock.GetUtcNow().UtcDateTime);
        _clock.Offset += TimeSpan.FromHours(12);
        await TruncateAsync();
        await SweepAsync(TimeSpan.FromHours(12.1));
        Assert.Empty(await _api.ObjectsAsync(before));
        Assert.Single(await _api.ObjectsAsync(later));

        await SweepAsync(TimeSpan.FromHours(12));
        Assert.Empty(await _api.ObjectsAsync(later));
    }

    [Fact]
    public async Task After_going_back_nothing_goes_for_another_retention()
    {
        var id = await CreateAsync("x");
        await DeleteAsync(id);
        _clock.Offset += TimeSpan.FromHours(20);
        var rewound = _api.Server.Shard.Files.Storage.RewoundKey;
        await _api.Server.Shard.Objects.PutAsync(rewound, default, default);
        File.SetLastWriteTimeUtc(_api.Server.Shard.ObjectPath(rewound), _clock.GetUtcNow().UtcDateTime);
        await SweepAsync(TimeSpan.FromHours(20));
        Assert.Single(await _api.ObjectsAsync(id));

        await SweepAsync(TimeSpan.FromHours(4.1));
        Assert.Empty(await _api.ObjectsAsync(id));
    }

    [Fact]
    public void A_removal_is_noted_also_when_the_database_is_full()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("data.db"), TemplateImage.Bytes.ToArray());
        using var database = DatabaseConnection.Open(
            folder.File("data.db"), new ConnectionOptions(IsReadOnly: false, DatabaseBytesMax: TemplateImage.Bytes.Length + 8192));
        database.Execute("BEGIN; CREATE TABLE t (v)");
        var fill = () =>
        {
            for (var row = 0; row < 1000; row++) database.Execute("INSERT INTO t VALUES (randomblob(900))");
        };
        var full = Assert.Throws<DatabaseException>(fill);
        Assert.True(full.IsFull);
        if (database.IsAutoCommit) database.Execute("BEGIN");
        for (var record = 0; record < 100; record++)
            FileRemovals.Add(database, new FileRemoval($"collection/{record}/", FileRemoval.EveryName, DateTimeOffset.UnixEpoch));
        database.Execute("COMMIT");
        Assert.Equal(100, FileRemovals.TakeDue(database, DateTimeOffset.UnixEpoch, 1000).Count);
    }

    private async Task<string> CreateAsync(string name, string collection = "docs")
    {
        var answer = await _api.SendAsync(
            "POST", $"/api/collections/{collection}/records", [("one", FilesApi.Text(name), $"{name}.txt")]);
        Assert.True(answer.Status == 200, answer.Body);
        return answer.Text("id");
    }

    private async Task ReplaceAsync(string id, string name)
    {
        var answer = await _api.SendAsync(
            "PATCH", $"/api/collections/docs/records/{id}", [("one", FilesApi.Text(name), $"{name}.txt")]);
        Assert.True(answer.Status == 200, answer.Body);
    }

    private async Task DeleteAsync(string id) =>
        Assert.Equal(204, (await _api.Server.SendAsync("DELETE", $"/api/collections/docs/records/{id}")).Status);

    private async Task TruncateAsync() => Assert.Equal(
        204, (await _api.Server.SendAsync("DELETE", "/api/collections/short/truncate", token: _api.Root)).Status);

    /// <summary>Time passes, and a sweeper does all that is due then.</summary>
    private async Task SweepAsync(TimeSpan later)
    {
        _clock.Offset += later;
        var shard = _api.Server.Shard;
        await using var sweeper = new FileSweeper(shard.Files.Storage, shard, Retention, NullLogger.Instance);
        sweeper.NoteRemovals();
    }

    /// <summary>The real clock, put forward.</summary>
    private sealed class ShiftedClock : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;
    }
}
