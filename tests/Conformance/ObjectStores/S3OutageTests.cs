using System.Diagnostics;
using Amazon.Runtime;
using Amazon.S3;
using Platform.Replication.ObjectStore;

namespace Platform.Conformance.Tests.ObjectStores;

/// <summary>
/// What goes wrong with a real server: wrong settings, hanging and refused connections, and recovery.
/// </summary>
[Collection(S3Tests.Name)]
[Trait("needs", "s3")]
public sealed class S3OutageTests(S3ServerFixture fixture)
{
    private static readonly DateTimeOffset SomeTime = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task The_probe_accepts_the_server_and_leaves_nothing()
    {
        using var store = await OpenAsync();
        await store.ProbeAsync(None);

        await foreach (var entry in store.ListAsync("", null, None))
        {
            Assert.Fail($"The probe left {entry.Key}.");
        }
    }

    [Fact]
    public async Task A_wrong_secret_is_explained_without_showing_it()
    {
        using var store = await OpenAsync(options => options with { SecretKey = "wrong-secret-of-the-test" });

        foreach (var call in new Func<Task>[]
        {
            () => store.ProbeAsync(None),
            () => store.PutAsync("a", "x"u8.ToArray(), None),
            () => store.GetAsync("a", 10, None),
        })
        {
            var fault = await Assert.ThrowsAsync<ObjectStoreException>(call);
            Assert.False(fault.IsTransient);
            Assert.Contains("credentials are wrong", fault.Hint, StringComparison.Ordinal);
            Assert.DoesNotContain("wrong-secret-of-the-test", fault.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(fixture.Server.SecretKey, fault.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_missing_bucket_is_explained()
    {
        using var store = await OpenAsync(options => options with { Bucket = "no-such-bucket" });

        foreach (var call in new Func<Task>[]
        {
            () => store.ProbeAsync(None),
            () => store.GetAsync("a", 10, None),
            () => store.DeleteAsync(["a"], None),
        })
        {
            var fault = await Assert.ThrowsAsync<ObjectStoreException>(call);
            Assert.False(fault.IsTransient);
            Assert.Contains("bucket does not exist", fault.Hint, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_host_that_does_not_listen_is_explained()
    {
        using var store = await OpenAsync(options => options with { Endpoint = new Uri("http://127.0.0.1:1") });

        var fault = await Assert.ThrowsAsync<ObjectStoreException>(() => store.ProbeAsync(None));
        Assert.True(fault.IsTransient);
        Assert.Contains("not reachable", fault.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_paused_server_gives_transient_faults_in_time_and_serves_again_after_it()
    {
        var attempt = TimeSpan.FromSeconds(1);
        using var store = await OpenAsync(options => options with { AttemptTimeout = attempt, RetriesMax = 1 });
        Assert.True(await store.CreateAsync("before", "x"u8.ToArray(), SomeTime, None));
        await fixture.Server.PauseAsync();
        try
        {
            foreach (var call in new Func<Task>[]
            {
                () => store.CreateAsync("during", "mine"u8.ToArray(), SomeTime, None),
                () => store.PutAsync("put", "x"u8.ToArray(), None),
                () => store.GetAsync("before", 10, None),
            })
            {
                var started = Stopwatch.GetTimestamp();
                var fault = await Assert.ThrowsAsync<ObjectStoreException>(call);
                Assert.True(fault.IsTransient);
                Assert.Equal("The server did not answer in time.", fault.Hint);
                // Two attempts and a delay, with room for a busy machine; the point is that it does not hang.
                Assert.InRange(Stopwatch.GetElapsedTime(started), attempt, TimeSpan.FromSeconds(20));
            }
        }
        finally
        {
            await fixture.Server.ResumeAsync();
        }

        Assert.Equal("x"u8.ToArray(), await store.GetAsync("before", 10, None));
        // What was sent during the pause may arrive now, and no other may have the name then.
        var isNew = await store.CreateAsync("during", "other"u8.ToArray(), SomeTime, None);
        var stored = await store.GetAsync("during", 10, None);
        Assert.Equal(isNew ? "other"u8.ToArray() : "mine"u8.ToArray(), stored);
    }

    [Fact]
    public async Task A_killed_server_gives_transient_faults_at_once_and_serves_again_after_its_start()
    {
        using var store = await OpenAsync(options => options with { RetriesMax = 0 });
        Assert.True(await store.CreateAsync("before", "x"u8.ToArray(), SomeTime, None));
        await fixture.Server.KillAsync();
        try
        {
            var fault = await Assert.ThrowsAsync<ObjectStoreException>(
                () => store.CreateAsync("during", "x"u8.ToArray(), SomeTime, None));
            Assert.True(fault.IsTransient);
            Assert.Contains("not reachable", fault.Hint, StringComparison.Ordinal);
        }
        finally
        {
            await fixture.Server.RestartAsync();
        }

        Assert.False(await store.CreateAsync("before", "y"u8.ToArray(), SomeTime, None));
        Assert.True(await store.CreateAsync("during", "x"u8.ToArray(), SomeTime, None));
    }

    [Fact]
    public async Task The_timestamp_is_in_the_metadata_that_Litestream_reads()
    {
        var options = fixture.Server.Options(await fixture.Server.CreateBucketAsync());
        using var store = new S3ObjectStore(options, TimeProvider.System);
        await store.CreateAsync("a.ltx", "x"u8.ToArray(), SomeTime.AddMilliseconds(250), None);

        var config = new AmazonS3Config
        {
            ServiceURL = options.Endpoint!.ToString(),
            ForcePathStyle = true,
            AuthenticationRegion = options.Region,
        };
        using var client = new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config);
        var found = await client.GetObjectMetadataAsync(options.Bucket, "a.ltx", None);
        Assert.Equal("2026-03-04T05:06:07.250000000Z", found.Metadata["x-amz-meta-litestream-timestamp"]);
    }

    [Fact]
    public async Task Stores_with_different_prefixes_do_not_see_each_other()
    {
        var options = fixture.Server.Options(await fixture.Server.CreateBucketAsync());
        using var first = new S3ObjectStore(options with { Prefix = "one" }, TimeProvider.System);
        using var second = new S3ObjectStore(options with { Prefix = "/on/" }, TimeProvider.System);

        Assert.True(await first.CreateAsync("a", "1"u8.ToArray(), SomeTime, None));
        Assert.True(await second.CreateAsync("a", "2"u8.ToArray(), SomeTime, None));

        Assert.Equal("1"u8.ToArray(), await first.GetAsync("a", 1, None));
        List<string> keys = [];
        await foreach (var entry in second.ListAsync("", null, None))
        {
            keys.Add(entry.Key);
        }

        Assert.Equal(["a"], keys);
    }

    private async Task<S3ObjectStore> OpenAsync(Func<S3ObjectStoreOptions, S3ObjectStoreOptions>? change = null)
    {
        var options = fixture.Server.Options(await fixture.Server.CreateBucketAsync());
        return new S3ObjectStore(change?.Invoke(options) ?? options, TimeProvider.System);
    }
}
