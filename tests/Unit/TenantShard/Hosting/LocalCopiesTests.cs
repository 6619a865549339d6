using Platform.Messages.Identity;
using Platform.Testing;

namespace Platform.TenantShard.Tests.Hosting;

/// <summary>The disk that closed tenants take is bounded, and nothing is lost by it.</summary>
public sealed class LocalCopiesTests
{
    private const int ImageBytes = 1000;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task The_copy_of_a_closed_tenant_over_the_bound_is_deleted_and_comes_back_from_object_storage()
    {
        await using var fixture = Bounded(bytesMax: 1);
        var tenant = await WrittenAsync(fixture, "acme");
        await fixture.Host.EvictAsync(tenant);

        await Eventually.TrueAsync(() => !Directory.Exists(Folder(fixture, "acme")));

        Assert.Equal(1, await fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task The_least_recently_used_go_first_and_no_more_than_the_bound_asks()
    {
        // Copies that a clean stop left, and a bound that one of them is too much for.
        await using var fixture = Bounded(bytesMax: 4 * ImageBytes);
        foreach (var (name, hours) in (ReadOnlySpan<(string, int)>)[("older", 2), ("newest", 1), ("oldest", 3)])
        {
            fixture.Add(name);
            Leave(fixture, name, hours);
        }

        foreach (var name in (string[])["second", "third"]) Leave(fixture, name, hours: 0);
        await Eventually.TrueAsync(() => !Directory.Exists(Folder(fixture, "oldest")));

        // A look that comes later finds nothing to do.
        Leave(fixture, "gone", hours: 4);
        await Eventually.TrueAsync(() => !Directory.Exists(Folder(fixture, "gone")));
        Assert.True(Directory.Exists(Folder(fixture, "older")));
        Assert.True(Directory.Exists(Folder(fixture, "newest")));
    }

    [Fact]
    public async Task The_copy_of_an_open_tenant_stays_whatever_the_bound()
    {
        await using var fixture = Bounded(bytesMax: 1);
        var open = await WrittenAsync(fixture, "open");
        var closed = await WrittenAsync(fixture, "closed");
        await fixture.Host.EvictAsync(closed);

        await Eventually.TrueAsync(() => !Directory.Exists(Folder(fixture, "closed")));

        Assert.True(File.Exists(Path.Combine(Folder(fixture, "open"), "data.db")));
        Assert.Equal(1, await fixture.ScalarAsync(open, "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task A_copy_with_commits_that_object_storage_may_lack_stays()
    {
        await using var fixture = Bounded(bytesMax: 1);
        fixture.Add("crashed");
        Leave(fixture, "crashed", hours: 1, wal: "not stored yet");
        await fixture.Host.EvictAsync(await WrittenAsync(fixture, "clean"));

        await Eventually.TrueAsync(() => !Directory.Exists(Folder(fixture, "clean")));

        Assert.True(File.Exists(Path.Combine(Folder(fixture, "crashed"), "data.db-wal")));
    }

    [Fact]
    public async Task Copies_of_tenants_that_are_in_the_registry_no_more_go_after_a_while()
    {
        await using var fixture = Bounded(bytesMax: long.MaxValue);
        fixture.Add("kept");
        Leave(fixture, "kept", hours: 2);
        Leave(fixture, "lately", hours: 0);
        Leave(fixture, "purged", hours: 1);

        await Eventually.TrueAsync(() => !Directory.Exists(Folder(fixture, "purged")));

        Assert.True(Directory.Exists(Folder(fixture, "lately")));
        Assert.True(Directory.Exists(Folder(fixture, "kept")));
    }

    [Fact]
    public async Task An_unknown_tenants_last_commits_stay_as_long_as_the_registry_could_be_rebuilt_with_it()
    {
        await using var fixture = Bounded(bytesMax: long.MaxValue);
        var descriptor = Path.Combine(fixture.ObjectsPath, "tenants/lost/metadata.json");
        Directory.CreateDirectory(Path.GetDirectoryName(descriptor)!);
        await File.WriteAllTextAsync(descriptor, "{}");
        Leave(fixture, "lost", hours: 2, wal: "not stored yet");
        Leave(fixture, "purged", hours: 1, wal: "of no use to anybody");

        await Eventually.TrueAsync(() => !Directory.Exists(Folder(fixture, "purged")));

        Assert.True(File.Exists(Path.Combine(Folder(fixture, "lost"), "data.db-wal")));
    }

    [Fact]
    public async Task Without_a_bound_a_disk_with_room_keeps_all()
    {
        await using var fixture = Bounded(bytesMax: 0);
        await fixture.Host.EvictAsync(await WrittenAsync(fixture, "acme"));
        Leave(fixture, "gone", hours: 4);

        await Eventually.TrueAsync(() => !Directory.Exists(Folder(fixture, "gone")));

        var disk = new DriveInfo(fixture.CachePath);
        Assert.Equal(disk.AvailableFreeSpace > disk.TotalSize / 10, Directory.Exists(Folder(fixture, "acme")));
    }

    private static ShardHostFixture Bounded(long bytesMax) => new(options => options with
    {
        CacheBytesMax = bytesMax,
        CacheLookInterval = LookInterval,
    });

    private static async Task<TenantId> WrittenAsync(ShardHostFixture fixture, string name)
    {
        var tenant = fixture.Add(name);
        await fixture.ExecuteAsync(tenant, "CREATE TABLE t (a)");
        await fixture.ExecuteAsync(tenant, "INSERT INTO t VALUES (1)");
        return tenant;
    }

    private static string Folder(ShardHostFixture fixture, string name) => Path.Combine(fixture.CachePath, name);

    /// <summary>A copy that was last used so long ago; it appears at once, for a look may be under way.</summary>
    private static void Leave(ShardHostFixture fixture, string name, int hours, string wal = "")
    {
        var made = Folder(fixture, $".{name}");
        Directory.CreateDirectory(made);
        File.WriteAllText(Path.Combine(made, "data.db"), new string('x', ImageBytes));
        File.WriteAllText(Path.Combine(made, "data.db-wal"), wal);
        var used = DateTime.UtcNow - TimeSpan.FromHours(hours);
        foreach (var file in Directory.EnumerateFiles(made)) File.SetLastWriteTimeUtc(file, used);
        Directory.SetLastWriteTimeUtc(made, used);
        Directory.Move(made, Folder(fixture, name));
    }
}
