using System.Text;
using Platform.Replication.ObjectStore;
using Platform.Testing.ObjectStores;

namespace Platform.Replication.Tests.ObjectStore;

/// <summary>
/// What a healthy server does not do: lost answers, errors by name, ignored conditions. The contract on a real server
/// is in the conformance tests.
/// </summary>
public sealed class S3ObjectStoreTests : IAsyncDisposable
{
    private static readonly DateTimeOffset SomeTime = new(2026, 3, 4, 7, 6, 7, TimeSpan.FromHours(2));

    private readonly ScriptedS3Server _server = new();
    private readonly S3ObjectStore _store;

    public S3ObjectStoreTests() => _store = new S3ObjectStore(_server.Options, TimeProvider.System);

    private static CancellationToken None => CancellationToken.None;

    public async ValueTask DisposeAsync()
    {
        _store.Dispose();
        await _server.DisposeAsync();
    }

    public static TheoryData<ScriptedAnswer> DoubtfulAnswers() =>
    [
        new ScriptedAnswer { Status = 500, Code = "InternalError" },
        new ScriptedAnswer { Status = 503, Code = "SlowDown" },
        new ScriptedAnswer { Status = 409, Code = "ConditionalRequestConflict" },
        new ScriptedAnswer { IsCut = true },
    ];

    [Fact]
    public async Task Each_call_is_one_request()
    {
        Assert.True(await CreateAsync("mine"));
        await _store.PutAsync("a/c", "more"u8.ToArray(), None);
        Assert.NotNull(await _store.GetAsync("a/b", 100, None));
        await using (var stream = await _store.OpenReadAsync("a/b", 0, null, None)) await stream!.CopyToAsync(Stream.Null);
        await foreach (var entry in _store.ListAsync("a/", null, None)) Assert.StartsWith("a/", entry.Key, StringComparison.Ordinal);
        await _store.DeleteAsync(["a/b", "a/c"], None);

        Assert.Equal(["PUT", "PUT", "GET", "GET", "GET", "POST"], _server.Requests.Select(request => request.Split(' ')[0]));
    }

    [Theory]
    [MemberData(nameof(DoubtfulAnswers))]
    public async Task A_create_whose_answer_got_lost_is_a_success(ScriptedAnswer answer)
    {
        _server.Next("PUT", answer with { IsServed = true });

        Assert.True(await CreateAsync("mine"));
        Assert.Equal(["PUT a/b", "HEAD a/b"], _server.Requests);
    }

    [Theory]
    [MemberData(nameof(DoubtfulAnswers))]
    public async Task A_create_that_lost_in_doubt_is_told_so(ScriptedAnswer answer)
    {
        _server.Next("PUT", answer with { Meanwhile = () => _server.Store("a/b", "theirs"u8.ToArray()) });

        Assert.False(await CreateAsync("mine"));
    }

    [Theory]
    [MemberData(nameof(DoubtfulAnswers))]
    public async Task A_create_that_nobody_saw_is_repeated(ScriptedAnswer answer)
    {
        _server.Next("PUT", answer);
        _server.Next("PUT", answer);

        Assert.True(await CreateAsync("mine"));
        Assert.Equal(3, _server.Requests.Count(request => request == "PUT a/b"));
    }

    [Fact]
    public async Task A_writer_with_the_same_content_does_not_win_as_well()
    {
        _server.Next("PUT", new ScriptedAnswer
        {
            Status = 500,
            Meanwhile = () => _server.Store("a/b", "the same"u8.ToArray()),
        });

        Assert.False(await CreateAsync("the same"));
    }

    [Fact]
    public async Task A_create_that_never_succeeds_ends_in_a_transient_fault_after_its_attempts()
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            _server.Next("PUT", new ScriptedAnswer { Status = 503, Code = "SlowDown" });
        }

        var fault = await Assert.ThrowsAsync<ObjectStoreException>(() => CreateAsync("mine"));
        Assert.True(fault.IsTransient);
        Assert.Contains("throttles", fault.Hint, StringComparison.Ordinal);
        Assert.Equal(3, _server.Requests.Count(request => request == "PUT a/b"));
    }

    [Fact]
    public async Task Litestream_finds_the_timestamp_in_utc_with_nanoseconds()
    {
        await _store.CreateAsync("a/b", "x"u8.ToArray(), SomeTime.AddTicks(1234567), None);

        Assert.Equal("2026-03-04T05:06:07.123456700Z", _server.Metadata("a/b")["litestream-timestamp"]);
    }

    [Theory]
    [InlineData(403, "SignatureDoesNotMatch", false, "credentials are wrong")]
    [InlineData(403, "InvalidAccessKeyId", false, "credentials are wrong")]
    [InlineData(403, "AccessDenied", false, "do not allow")]
    [InlineData(404, "NoSuchBucket", false, "bucket does not exist")]
    [InlineData(403, "RequestTimeTooSkewed", false, "clock")]
    [InlineData(301, "PermanentRedirect", false, "another region")]
    [InlineData(501, "NotImplemented", false, "lacks a feature")]
    [InlineData(503, "SlowDown", true, "throttles")]
    [InlineData(429, "TooManyRequests", true, "throttles")]
    [InlineData(500, "InternalError", true, "failed (500 InternalError)")]
    [InlineData(502, "", true, "failed (502")]
    [InlineData(400, "InvalidArgument", false, "refused the request (400 InvalidArgument)")]
    public async Task Errors_are_explained_and_never_show_the_keys(
        int status, string code, bool isTransient, string hint)
    {
        using var store = new S3ObjectStore(_server.Options with { RetriesMax = 0 }, TimeProvider.System);
        foreach (var (method, call) in new (string, Func<Task>)[]
        {
            ("PUT", () => store.PutAsync("a/b", "x"u8.ToArray(), None)),
            ("PUT", () => store.CreateAsync("a/b", "x"u8.ToArray(), SomeTime, None)),
            ("GET", () => store.GetAsync("a/b", 10, None)),
            ("GET", () => store.OpenReadAsync("a/b", 0, null, None)),
            ("GET", () => store.ListAsync("a/", null, None).GetAsyncEnumerator().MoveNextAsync().AsTask()),
            ("POST", () => store.DeleteAsync(["a/b"], None)),
        })
        {
            _server.Next(method, new ScriptedAnswer { Status = status, Code = code });
            var fault = await Assert.ThrowsAsync<ObjectStoreException>(call);
            Assert.Equal((isTransient, true), (fault.IsTransient, fault.Hint.Contains(hint, StringComparison.Ordinal)));
            Assert.DoesNotContain("the-secret-key", fault.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("the-access-key", fault.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Reads_and_puts_are_repeated_after_a_fault_that_passes()
    {
        _server.Next("PUT", new ScriptedAnswer { Status = 503, Code = "SlowDown" });
        await _store.PutAsync("a", "x"u8.ToArray(), None);
        _server.Next("GET", new ScriptedAnswer { Status = 500, Code = "InternalError" });

        Assert.Equal("x"u8.ToArray(), await _store.GetAsync("a", 10, None));
    }

    [Fact]
    public async Task A_download_that_stalls_fails_in_time()
    {
        var options = _server.Options with { AttemptTimeout = TimeSpan.FromMilliseconds(200), RetriesMax = 0 };
        using var store = new S3ObjectStore(options, TimeProvider.System);
        _server.Store("a", new byte[1000]);
        _server.Next("GET", new ScriptedAnswer { IsStalled = true });
        var fault = await Assert.ThrowsAsync<ObjectStoreException>(() => store.GetAsync("a", 1000, None));
        Assert.True(fault.IsTransient);
        Assert.Equal("The server did not answer in time.", fault.Hint);

        _server.Next("GET", new ScriptedAnswer { IsStalled = true });
        fault = await Assert.ThrowsAsync<ObjectStoreException>(
            () => store.ListAsync("", null, None).GetAsyncEnumerator().MoveNextAsync().AsTask());
        Assert.Equal("The server did not answer in time.", fault.Hint);
    }

    [Fact]
    public async Task A_server_that_ignores_ranges_is_refused()
    {
        _server.Store("a", new byte[1000]);

        var fault = await Assert.ThrowsAsync<ObjectStoreException>(() => _store.OpenReadAsync("a", 5, 10, None));
        Assert.Contains("range requests", fault.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_lists_without_order_is_refused()
    {
        _server.ListedKeys = ["a", "c", "b"];

        var fault = await Assert.ThrowsAsync<ObjectStoreException>(async () =>
        {
            await foreach (var entry in _store.ListAsync("", null, None))
            {
                Assert.NotEqual("b", entry.Key);
            }
        });
        Assert.Contains("order", fault.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_probe_accepts_a_server_that_creates_once_and_leaves_nothing()
    {
        await _store.ProbeAsync(None);

        Assert.Null(await FirstKeyAsync());
    }

    [Fact]
    public async Task The_probe_refuses_a_server_that_ignores_conditions_and_leaves_nothing()
    {
        _server.HonoursConditions = false;

        var fault = await Assert.ThrowsAsync<ObjectStoreException>(() => _store.ProbeAsync(None));
        Assert.False(fault.IsTransient);
        Assert.Contains("does not honour conditional writes", fault.Hint, StringComparison.Ordinal);
        Assert.Null(await FirstKeyAsync());
    }

    [Theory]
    [InlineData("https://user:password@example.org", "key", "secret", "")]
    [InlineData("https://example.org", "key", null, "")]
    [InlineData("https://example.org", null, "secret", "")]
    [InlineData("https://example.org", "key", "secret", "a/../b")]
    public void Settings_that_make_no_sense_are_refused(string endpoint, string? access, string? secret, string prefix)
    {
        var options = _server.Options with
        {
            Endpoint = new Uri(endpoint),
            AccessKey = access,
            SecretKey = secret,
            Prefix = prefix,
        };

        var fault = Assert.ThrowsAny<ArgumentException>(() => new S3ObjectStore(options, TimeProvider.System));
        Assert.DoesNotContain("password", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("the-secret", _server.Options.ToString(), StringComparison.Ordinal);
    }

    private Task<bool> CreateAsync(string content) =>
        _store.CreateAsync("a/b", Encoding.UTF8.GetBytes(content), SomeTime, None);

    private async Task<string?> FirstKeyAsync()
    {
        await foreach (var entry in _store.ListAsync("", null, None))
        {
            return entry.Key;
        }

        return null;
    }
}
