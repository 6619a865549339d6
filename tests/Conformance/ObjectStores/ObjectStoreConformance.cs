using System.Text;
using Platform.Replication.ObjectStore;
using Platform.Testing;

namespace Platform.Conformance.Tests.ObjectStores;

/// <summary>
/// What every <see cref="IObjectStore"/> must do. A store's own test class derives from it; each test starts with an
/// empty store.
/// </summary>
public abstract class ObjectStoreConformance
{
    protected const long PlentyBytes = 64 * 1024 * 1024;

    protected static readonly DateTimeOffset SomeTime = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    /// <summary>The store under test.</summary>
    protected abstract IObjectStore Store { get; }

    /// <summary>Another client of the same objects, as a second process would have.</summary>
    protected abstract IObjectStore OtherClient { get; }

    protected static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task An_object_is_created_once_and_the_second_content_is_refused()
    {
        Assert.True(await Store.CreateAsync("a/b/1", Bytes("first"), SomeTime, None));
        Assert.False(await Store.CreateAsync("a/b/1", Bytes("second"), SomeTime, None));
        Assert.False(await OtherClient.CreateAsync("a/b/1", Bytes("first"), SomeTime, None));

        Assert.Equal("first", await TextAsync("a/b/1"));
    }

    [Fact]
    public async Task A_file_is_created_once_with_its_bytes_and_its_time()
    {
        using var folder = new TempFolder();
        var content = new byte[3_000_001];
        new Random(1).NextBytes(content);
        await File.WriteAllBytesAsync(folder["large"], content);
        await File.WriteAllBytesAsync(folder["empty"], []);

        Assert.True(await Store.CreateFromFileAsync("a/large", folder["large"], SomeTime, None));
        Assert.False(await OtherClient.CreateFromFileAsync("a/large", folder["empty"], SomeTime, None));
        Assert.True(await Store.CreateFromFileAsync("a/empty", folder["empty"], SomeTime, None));

        var stored = await OtherClient.GetAsync("a/large", PlentyBytes, None);
        Assert.True(content.AsSpan().SequenceEqual(stored));
        Assert.Empty((await OtherClient.GetAsync("a/empty", PlentyBytes, None))!);
    }

    [Fact]
    public async Task A_name_is_free_again_after_a_delete()
    {
        Assert.True(await Store.CreateAsync("a/b/1", Bytes("first"), SomeTime, None));
        await OtherClient.DeleteAsync(["a/b/1"], None);

        Assert.True(await Store.CreateAsync("a/b/1", Bytes("second"), SomeTime, None));
        Assert.Equal("second", await TextAsync("a/b/1"));
    }

    [Fact]
    public async Task Of_16_writers_that_race_for_50_names_each_name_has_one_winner_with_its_content()
    {
        const int Writers = 16;
        const int Keys = 50;
        var winners = new int[Keys, Writers];
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var client = writer % 2 == 0 ? Store : OtherClient;
            for (var key = 0; key < Keys; key++)
            {
                var isWinner = await CreateUntilKnownAsync(client, $"race/{key}", Bytes($"writer {writer} key {key}"));
                winners[key, writer] = isWinner ? 1 : 0;
            }
        })));

        for (var key = 0; key < Keys; key++)
        {
            var winner = Assert.Single(Enumerable.Range(0, Writers), writer => winners[key, writer] == 1);
            Assert.Equal($"writer {winner} key {key}", await TextAsync($"race/{key}"));
        }
    }

    [Fact]
    public async Task Put_stores_and_replaces()
    {
        await Store.PutAsync("a/config.json", Bytes("one"), None);
        Assert.Equal("one", await TextAsync("a/config.json"));

        await OtherClient.PutAsync("a/config.json", Bytes("a longer two"), None);
        Assert.Equal("a longer two", await TextAsync("a/config.json"));
        Assert.False(await Store.CreateAsync("a/config.json", Bytes("three"), SomeTime, None));
    }

    [Fact]
    public async Task Readers_see_the_old_or_the_new_content_whole_while_it_is_replaced()
    {
        const int Rounds = 60;
        await Store.PutAsync("shared", Pattern(0), None);
        using var ended = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!ended.IsCancellationRequested)
            {
                var content = await OtherClient.GetAsync("shared", PlentyBytes, None);
                Assert.NotNull(content);
                Assert.Equal(Pattern(content[0]), content);
            }
        })).ToArray();

        for (var round = 1; round <= Rounds; round++)
        {
            await Store.PutAsync("shared", Pattern((byte)round), None);
        }

        await ended.CancelAsync();
        await Task.WhenAll(readers);

        // Content and length both tell the round, so that a mix of two is noticed.
        static byte[] Pattern(byte round) => [.. Enumerable.Repeat(round, 20_000 + (round * 100))];
    }

    [Fact]
    public async Task A_missing_object_is_null()
    {
        await Store.PutAsync("a/b/c", Bytes("x"), None);

        Assert.Null(await Store.GetAsync("a/missing", PlentyBytes, None));
        Assert.Null(await Store.GetAsync("missing/and/deep", PlentyBytes, None));
        Assert.Null(await Store.GetAsync("a/b", PlentyBytes, None));
        Assert.Null(await Store.GetAsync("a/b/c/d", PlentyBytes, None));
        Assert.Null(await Store.OpenReadAsync("a/missing", 0, null, None));
        Assert.Null(await Store.OpenReadAsync("a/missing", 5, 0, None));
        Assert.Null(await Store.OpenReadAsync("a/b", 0, 10, None));
    }

    [Fact]
    public async Task An_object_at_the_limit_is_read_and_one_over_it_is_refused()
    {
        await Store.PutAsync("a", new byte[1000], None);

        Assert.Equal(1000, (await Store.GetAsync("a", 1000, None))!.Length);
        var fault = await Assert.ThrowsAsync<ObjectStoreException>(() => Store.GetAsync("a", 999, None));
        Assert.False(fault.IsTransient);
        Assert.Contains("1000 bytes", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, null, "0123456789")]
    [InlineData(0, 4L, "0123")]
    [InlineData(3, 4L, "3456")]
    [InlineData(3, null, "3456789")]
    [InlineData(8, 100L, "89")]
    [InlineData(9, 1L, "9")]
    [InlineData(10, null, "")]
    [InlineData(10, 5L, "")]
    [InlineData(500, null, "")]
    [InlineData(500, 5L, "")]
    [InlineData(0, 0L, "")]
    [InlineData(5, 0L, "")]
    [InlineData(3, long.MaxValue, "3456789")]
    [InlineData(long.MaxValue, long.MaxValue, "")]
    public async Task A_range_is_read(long offset, long? length, string expected)
    {
        await Store.PutAsync("digits", Bytes("0123456789"), None);

        await using var stream = await Store.OpenReadAsync("digits", offset, length, None);
        Assert.NotNull(stream);
        using var reader = new StreamReader(stream);
        Assert.Equal(expected, await reader.ReadToEndAsync(None));
    }

    [Fact]
    public async Task Negative_ranges_and_limits_are_refused()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.OpenReadAsync("a", -1, null, None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.OpenReadAsync("a", 0, -1, None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.GetAsync("a", -1, None));
    }

    [Fact]
    public async Task An_empty_object_is_an_object()
    {
        Assert.True(await Store.CreateAsync("empty", ReadOnlyMemory<byte>.Empty, SomeTime, None));
        Assert.False(await Store.CreateAsync("empty", Bytes("x"), SomeTime, None));
        Assert.Empty((await Store.GetAsync("empty", 0, None))!);
        await using var stream = await Store.OpenReadAsync("empty", 0, null, None);
        Assert.Equal(0, await stream!.ReadAsync(new byte[10], None));
        Assert.Equal(0, (await ListAsync("")).Single().Bytes);
    }

    [Fact]
    public async Task An_object_of_20_MB_is_stored_whole_and_streamed()
    {
        var content = new byte[20_000_000];
        new Random(1).NextBytes(content);
        Assert.True(await Store.CreateAsync("big", content, SomeTime, None));

        var whole = await Store.GetAsync("big", PlentyBytes, None);
        Assert.True(content.AsSpan().SequenceEqual(whole));
        await using var stream = await Store.OpenReadAsync("big", 1_000_001, 18_000_000, None);
        using var read = new MemoryStream();
        await stream!.CopyToAsync(read, None);
        Assert.True(content.AsSpan(1_000_001, 18_000_000).SequenceEqual(read.GetBuffer().AsSpan(0, (int)read.Length)));
        Assert.Equal(20_000_000, (await ListAsync("big")).Single().Bytes);
    }

    [Fact]
    public async Task Listings_are_in_ordinal_order_of_whole_keys()
    {
        // "-" and "." sort below "/", "0" and letters above: a folder's place is not that of its bare name.
        string[] keys = ["a", "a-b", "a.b/x", "B", "b/1", "b/10", "b/2", "b-/1", "b/a/z", "b/a-1", "b0", "ä", "Z"];
        foreach (var key in keys)
        {
            await Store.PutAsync(key, Bytes(key), None);
        }

        var listed = await ListAsync("");
        Assert.Equal(keys.Order(StringComparer.Ordinal), listed.Select(entry => entry.Key));
        Assert.All(listed, entry => Assert.Equal(Encoding.UTF8.GetByteCount(entry.Key), entry.Bytes));
    }

    [Theory]
    [InlineData("", null, "p/a/1,p/a/2,p/ab/1,p/b,q")]
    [InlineData("p/", null, "p/a/1,p/a/2,p/ab/1,p/b")]
    [InlineData("p", null, "p/a/1,p/a/2,p/ab/1,p/b")]
    [InlineData("p/a", null, "p/a/1,p/a/2,p/ab/1")]
    [InlineData("p/a/", null, "p/a/1,p/a/2")]
    [InlineData("p/a/2", null, "p/a/2")]
    [InlineData("p/a/2/", null, "")]
    [InlineData("p/c", null, "")]
    [InlineData("x/y/z", null, "")]
    [InlineData("", "p/a/1", "p/a/2,p/ab/1,p/b,q")]
    [InlineData("", "p/a/10", "p/a/2,p/ab/1,p/b,q")]
    [InlineData("", "p/a", "p/a/1,p/a/2,p/ab/1,p/b,q")]
    [InlineData("p/", "p/a/2", "p/ab/1,p/b")]
    [InlineData("p/", "a", "p/a/1,p/a/2,p/ab/1,p/b")]
    [InlineData("p/", "p/zzz", "")]
    [InlineData("", "q", "")]
    public async Task Listings_take_a_prefix_and_a_start(string prefix, string? startAfter, string expected)
    {
        foreach (var key in new[] { "p/a/1", "p/a/2", "p/ab/1", "p/b", "q" })
        {
            await Store.PutAsync(key, Bytes(key), None);
        }

        Assert.Equal(expected, string.Join(',', (await ListAsync(prefix, startAfter)).Select(entry => entry.Key)));
    }

    [Fact]
    public async Task Listings_of_over_2500_keys_go_on_over_pages_and_all_are_deleted_at_once()
    {
        string[] keys = [.. Enumerable.Range(0, 2_600).Select(number => $"many/{number:d6}")];
        await Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (key, cancel) =>
            await Store.PutAsync(key, Bytes(key), cancel));

        Assert.Equal(keys, (await ListAsync("many/")).Select(entry => entry.Key));
        Assert.Equal(keys[1_500..], (await ListAsync("many/", keys[1_499])).Select(entry => entry.Key));

        await Store.DeleteAsync(keys, None);
        Assert.Empty(await ListAsync(""));
    }

    [Fact]
    public async Task Deleting_what_does_not_exist_is_no_error()
    {
        await Store.PutAsync("a/b", Bytes("x"), None);

        await Store.DeleteAsync(["a/b", "a/missing", "missing/deep/key", "a/b"], None);
        await Store.DeleteAsync(["a/b"], None);
        await Store.DeleteAsync([], None);

        Assert.Empty(await ListAsync(""));
    }

    [Theory]
    [InlineData("with blank/and  two")]
    [InlineData("percent%20/100%")]
    [InlineData("plus+/question?/hash#/and&=;")]
    [InlineData("quote'\"<>`{}|^~[]()!*@$:,")]
    [InlineData("back\\slash/..dots../...")]
    [InlineData(".hidden/.incoming")]
    [InlineData("ümläut/日本語/emoji-🙂")]
    [InlineData("tenants/acme/data.db/0000/0000000000000001-0000000000000001.ltx")]
    public async Task Odd_but_legal_keys_are_kept_as_they_are(string key)
    {
        Assert.True(await Store.CreateAsync(key, Bytes("odd"), SomeTime, None));

        Assert.Equal("odd", await TextAsync(key));
        Assert.False(await Store.CreateAsync(key, Bytes("again"), SomeTime, None));
        Assert.Equal(key, (await ListAsync("")).Single().Key);
        Assert.Equal(key, (await ListAsync(key)).Single().Key);
        await Store.DeleteAsync([key], None);
        Assert.Null(await Store.GetAsync(key, PlentyBytes, None));
    }

    [Fact]
    public async Task The_longest_legal_key_is_stored_and_a_longer_one_refused()
    {
        var segment = new string('s', 255);
        var key = string.Join('/', segment, segment, segment);
        await Store.PutAsync(key, Bytes("long"), None);
        Assert.Equal("long", await TextAsync(key));

        await Assert.ThrowsAsync<ArgumentException>(() => Store.PutAsync(key + "/s", Bytes("x"), None));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.PutAsync(segment + "s", Bytes("x"), None));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("../outside")]
    [InlineData("a/../../outside")]
    [InlineData("a/..")]
    [InlineData("a/./b")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("nul\0")]
    [InlineData("line\nfeed")]
    public async Task Keys_that_break_the_rules_are_refused(string key)
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.CreateAsync(key, Bytes("x"), SomeTime, None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.PutAsync(key, Bytes("x"), None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.GetAsync(key, 10, None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.OpenReadAsync(key, 0, null, None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.DeleteAsync(["fine", key], None));
    }

    [Fact]
    public async Task A_key_that_is_no_unicode_is_refused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Store.PutAsync("lone surrogate \ud800", Bytes("x"), None));

    [Theory]
    [InlineData("/")]
    [InlineData("../")]
    [InlineData("a/../b")]
    [InlineData("a//")]
    [InlineData("nul\0")]
    public void Prefixes_that_break_the_rules_are_refused(string prefix) =>
        Assert.ThrowsAny<ArgumentException>(() => { Store.ListAsync(prefix, null, None); });

    [Fact]
    public async Task Cancelled_calls_end_as_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Store.CreateAsync("a", Bytes("x"), SomeTime, cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.GetAsync("a", 10, cancelled.Token));
        Assert.Null(await Store.GetAsync("a", 10, None));
    }

    [Fact]
    public void The_description_says_what_and_where()
    {
        Assert.NotEmpty(Store.Description);
        Assert.DoesNotContain("secret", Store.Description, StringComparison.OrdinalIgnoreCase);
    }

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected async Task<string> TextAsync(string key)
    {
        var content = await Store.GetAsync(key, PlentyBytes, None);
        Assert.NotNull(content);
        return Encoding.UTF8.GetString(content);
    }

    protected async Task<List<ObjectEntry>> ListAsync(string prefix, string? startAfter = null)
    {
        List<ObjectEntry> entries = [];
        await foreach (var entry in Store.ListAsync(prefix, startAfter, None))
        {
            entries.Add(entry);
        }

        return entries;
    }

    /// <summary>Creates as replication does: a fault that may pass is answered by reading who won.</summary>
    private static async Task<bool> CreateUntilKnownAsync(IObjectStore client, string key, byte[] content)
    {
        const int TriesMax = 20;
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await client.CreateAsync(key, content, SomeTime, None);
            }
            catch (ObjectStoreException fault) when (fault.IsTransient && tries < TriesMax)
            {
                var stored = await client.GetAsync(key, PlentyBytes, None);
                if (stored is not null)
                {
                    return stored.AsSpan().SequenceEqual(content);
                }
            }
        }
    }
}
