using System.Diagnostics;
using Platform.Replication.ObjectStore;
using Platform.Testing;

namespace Platform.Replication.Tests.ObjectStore;

/// <summary>What only a folder has. The contract of every store is in the conformance tests.</summary>
public sealed class FolderObjectStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FolderObjectStore _store;

    public FolderObjectStoreTests() => _store = new FolderObjectStore(_folder["objects"]);

    private static CancellationToken None => CancellationToken.None;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("2026-08-01T12:34:56.1234567Z")]
    [InlineData("2026-08-01T12:34:56.1234567+02:00")]
    [InlineData("1969-12-31T23:59:59.9999999Z")]
    public async Task The_timestamp_becomes_the_time_of_the_file_to_the_last_digit(string text)
    {
        var timestamp = DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        await _store.CreateAsync("a/1.ltx", new byte[10], timestamp, None);

        Assert.Equal(timestamp.UtcDateTime, File.GetLastWriteTimeUtc(_folder["objects/a/1.ltx"]));
        Assert.Equal(timestamp.UtcDateTime, (await KeysAsync("")).Single().Modified.UtcDateTime);
    }

    [Fact]
    public async Task The_probe_accepts_a_good_folder_and_leaves_nothing()
    {
        await _store.ProbeAsync(None);

        Assert.Empty(await KeysAsync(""));
        Assert.Equal([".incoming"], Directory.GetFileSystemEntries(_folder["objects"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_file_in_the_place_of_the_folder_is_explained()
    {
        await File.WriteAllTextAsync(_folder["file"], "x");
        using var store = new FolderObjectStore(_folder["file/objects"]);

        foreach (var call in new Func<Task>[]
        {
            () => store.ProbeAsync(None),
            () => store.PutAsync("a", new byte[1], None),
            () => store.CreateAsync("a", new byte[1], DateTimeOffset.UnixEpoch, None),
        })
        {
            var fault = await Assert.ThrowsAsync<ObjectStoreException>(call);
            Assert.False(fault.IsTransient);
            Assert.Equal("A file is where a folder should be.", fault.Hint);
        }
    }

    [Fact]
    public async Task A_read_only_file_system_is_explained()
    {
        // /proc/sys refuses new entries to root as well: the one read-only place that needs no mount.
        using var store = new FolderObjectStore("/proc/sys/platform-objects");

        var fault = await Assert.ThrowsAsync<ObjectStoreException>(() => store.ProbeAsync(None));
        Assert.Contains("/proc/sys", store.Description, StringComparison.Ordinal);
        Assert.Contains("folder", fault.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_in_the_place_of_a_folder_is_explained()
    {
        await _store.PutAsync("a/b", new byte[1], None);

        var below = await Assert.ThrowsAsync<ObjectStoreException>(() => _store.PutAsync("a/b/c", new byte[1], None));
        Assert.Equal("A file is where a folder should be.", below.Hint);
        var above = await Assert.ThrowsAsync<ObjectStoreException>(() => _store.PutAsync("a", new byte[1], None));
        Assert.Equal("A folder is where the object should be.", above.Hint);
        above = await Assert.ThrowsAsync<ObjectStoreException>(
            () => _store.CreateAsync("a", new byte[1], DateTimeOffset.UnixEpoch, None));
        Assert.Equal("A folder is where the object should be.", above.Hint);
        await _store.DeleteAsync(["a"], None);
        Assert.Equal(["a/b"], (await KeysAsync("")).Select(entry => entry.Key));
        Assert.Empty(StagedFiles());
    }

    [Fact]
    public async Task A_full_disk_is_transient_and_nothing_of_the_object_remains()
    {
        // A file system of 64 KiB of our own, gone with the last process that uses it.
        var mountPoint = Directory.CreateDirectory(_folder["small"]).FullName;
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", mountPoint);
        try
        {
            using var store = new FolderObjectStore(mountPoint);
            await store.PutAsync("fits", new byte[4096], None);

            var fault = await Assert.ThrowsAsync<ObjectStoreException>(
                () => store.CreateAsync("big", new byte[128 * 1024], DateTimeOffset.UnixEpoch, None));
            Assert.True(fault.IsTransient);
            Assert.Equal("The disk is full.", fault.Hint);

            Assert.Null(await store.GetAsync("big", 1, None));
            Assert.True(await store.CreateAsync("big", new byte[8192], DateTimeOffset.UnixEpoch, None));
        }
        finally
        {
            await RunAsync("umount", mountPoint);
        }
    }

    [Fact]
    public async Task What_a_crash_left_is_removed_at_start_and_what_lives_is_not()
    {
        await _store.ProbeAsync(None);
        var mine = Directory.GetDirectories(_folder["objects/.incoming"]).Single();
        await File.WriteAllTextAsync(Path.Combine(mine, "in-flight"), "x");
        var dead = Directory.CreateDirectory(_folder["objects/.incoming/999-dead"]).FullName;
        await File.WriteAllTextAsync(Path.Combine(dead, "1"), "torn");

        using var second = new FolderObjectStore(_folder["objects"]);
        await second.ProbeAsync(None);

        Assert.False(Directory.Exists(dead));
        Assert.True(File.Exists(Path.Combine(mine, "in-flight")));
        Assert.Empty(await KeysAsync(""));
    }

    [Fact]
    public async Task Staged_files_are_never_listed_and_their_folder_is_no_key()
    {
        await _store.PutAsync(".incoming2/a", new byte[1], None);
        await _store.PutAsync("b/.incoming/a", new byte[1], None);

        Assert.Equal([".incoming2/a", "b/.incoming/a"], (await KeysAsync("")).Select(entry => entry.Key));
        Assert.Empty(StagedFiles());
        await Assert.ThrowsAsync<ArgumentException>(() => _store.GetAsync(".incoming", 1, None));
        await Assert.ThrowsAsync<ArgumentException>(() => _store.PutAsync(".incoming/x", new byte[1], None));
        await File.WriteAllTextAsync(_folder["objects/.incoming/x"], "x");
        Assert.Empty(await KeysAsync(".incoming/"));
    }

    [Fact]
    public async Task The_store_heals_when_its_folders_are_removed_under_it()
    {
        await _store.PutAsync("a/b/c", new byte[1], None);
        Directory.Delete(_folder["objects"], recursive: true);

        Assert.Null(await _store.GetAsync("a/b/c", 1, None));
        Assert.Empty(await KeysAsync(""));
        Assert.True(await _store.CreateAsync("a/b/c", new byte[1], DateTimeOffset.UnixEpoch, None));
        Assert.NotNull(await _store.GetAsync("a/b/c", 1, None));
    }

    [Fact]
    public async Task Folders_that_a_delete_empties_go_and_others_stay()
    {
        await _store.PutAsync("a/b/c/1", new byte[1], None);
        await _store.PutAsync("a/d", new byte[1], None);

        await _store.DeleteAsync(["a/b/c/1"], None);

        Assert.False(Directory.Exists(_folder["objects/a/b"]));
        Assert.True(Directory.Exists(_folder["objects/a"]));
        await _store.DeleteAsync(["a/d"], None);
        Assert.True(Directory.Exists(_folder["objects"]));
    }

    [Fact]
    public async Task Creating_and_deleting_in_one_folder_at_once_fails_nobody()
    {
        var forgetful = new FolderObjectStoreOptions { KnownFoldersMax = 2 };
        using var other = new FolderObjectStore(_folder["objects"], forgetful);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var store = worker % 2 == 0 ? _store : other;
            for (var round = 0; round < 150; round++)
            {
                var key = $"x/y/{round % 3}/{worker}";
                Assert.True(await store.CreateAsync(key, new byte[10], DateTimeOffset.UnixEpoch, None));
                Assert.NotNull(await store.GetAsync(key, 10, None));
                await store.DeleteAsync([key], None);
            }
        })));

        Assert.Empty(await KeysAsync(""));
        Assert.False(Directory.Exists(_folder["objects/x"]));
    }

    [Fact]
    public async Task An_open_stream_keeps_its_object_when_it_is_replaced_and_deleted()
    {
        await _store.PutAsync("a", new byte[] { 1, 2, 3 }, None);
        await using var stream = (await _store.OpenReadAsync("a", 1, null, None))!;
        await _store.PutAsync("a", new byte[100], None);
        await _store.DeleteAsync(["a"], None);

        var read = new byte[10];
        Assert.Equal(2, await stream.ReadAsync(read, None));
        Assert.Equal([2, 3], read[..2]);
    }

    [Fact]
    public async Task More_callers_than_places_are_all_served()
    {
        using var store = new FolderObjectStore(
            _folder["objects"], new FolderObjectStoreOptions { Threads = 2, QueuedMax = 3 });

        var created = await Task.WhenAll(Enumerable.Range(0, 100).Select(number =>
            store.CreateAsync($"n/{number}", new byte[1], DateTimeOffset.UnixEpoch, None)));

        Assert.DoesNotContain(false, created);
        Assert.Equal(100, (await KeysAsync("n/")).Count);
    }

    [Fact]
    public async Task A_closed_store_says_so_and_leaves_no_staging_folder()
    {
        var store = new FolderObjectStore(_folder["closing"]);
        await store.PutAsync("a", new byte[1], None);
        store.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.GetAsync("a", 1, None));
        Assert.Empty(Directory.GetFileSystemEntries(_folder["closing/.incoming"]));
    }

    [Fact]
    public async Task Objects_are_private_to_the_user_of_the_platform()
    {
        await _store.PutAsync("a/b", new byte[1], None);

        const UnixFileMode Others = (UnixFileMode)0b000_111_111;
        Assert.All(["objects", "objects/a", "objects/a/b"], path =>
            Assert.Equal(default, new FileInfo(_folder[path]).UnixFileMode & Others));
    }

    private string[] StagedFiles() =>
        Directory.GetFiles(_folder["objects/.incoming"], "*", SearchOption.AllDirectories);

    private async Task<List<ObjectEntry>> KeysAsync(string prefix)
    {
        List<ObjectEntry> entries = [];
        await foreach (var entry in _store.ListAsync(prefix, null, None))
        {
            entries.Add(entry);
        }

        return entries;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync(None);
        await process.WaitForExitAsync(None);
        Assert.True(process.ExitCode == 0, $"{program} failed: {error}");
    }
}
