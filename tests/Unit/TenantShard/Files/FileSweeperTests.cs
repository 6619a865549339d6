namespace Platform.TenantShard.Tests.Files;

/// <summary>What nothing names is removed, and nothing else.</summary>
public sealed class FileSweeperTests(FilesApi api) : IClassFixture<FilesApi>
{
    [Fact]
    public async Task The_first_upload_of_an_activation_sweeps_old_orphans_and_leaves_young_ones()
    {
        var objects = api.Server.Shard.Objects;
        var old = DateTimeOffset.UtcNow.AddDays(-60);
        await objects.CreateAsync("tenants/acme/storage/gone/r1/old_orphan.txt", new byte[1], old, default);
        await objects.CreateAsync(
            "tenants/acme/storage/gone/r2/young_orphan.txt", new byte[1], DateTimeOffset.UtcNow, default);
        var record = await api.CreateAsync(("one", FilesApi.Text("x"), "kept.txt"));

        await api.UntilObjectsAsync("old_orphan", 0);
        Assert.Single(await api.ObjectsAsync("young_orphan"));
        Assert.Single(await api.ObjectsAsync(record.GetProperty("id").GetString()!));
    }
}
