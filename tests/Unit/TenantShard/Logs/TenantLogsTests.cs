using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.TenantShard.Http;
using Platform.TenantShard.Logs;
using Platform.TenantShard.Tests.Auth;
using Platform.TenantShard.Tests.Http;

namespace Platform.TenantShard.Tests.Logs;

public sealed class TenantLogsTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private readonly TestShard _shard = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _shard.DisposeAsync();

    [Fact]
    public async Task A_tenant_that_moves_takes_its_logs_along_and_nothing_comes_twice()
    {
        using (var first = Open("a"))
        {
            first.Add(Entry("one"));
            first.Add(Entry("two"));
            await first.StoreAllAsync();
        }

        using (var second = Open("b"))
        {
            second.Add(Entry("three"));
            Assert.Equal(["one", "three", "two"], await MessagesAsync(second));
            await second.StoreAllAsync();
        }

        using var again = Open("a");
        again.Add(Entry("four"));
        Assert.Equal(["four", "one", "three", "two"], await MessagesAsync(again));
        Assert.Equal(["four", "one", "three", "two"], await MessagesAsync(again));
        await again.StoreAllAsync();
        using var other = Open("c");
        Assert.Equal(["four", "one", "three", "two"], await MessagesAsync(other));
        Assert.Equal(3, await SegmentsAsync());
    }

    [Fact]
    public async Task What_a_crash_left_in_the_local_database_is_shipped_later()
    {
        using (var crashed = Open("a"))
        {
            crashed.Add(Entry("one"));
            await crashed.FlushAsync(default);
        }

        Assert.Equal(0, await SegmentsAsync());
        using var next = Open("a");
        Assert.Equal(["one"], await MessagesAsync(next));
        Assert.Equal(1, await SegmentsAsync());
    }

    [Fact]
    public async Task A_tenant_in_use_ships_now_and_then_and_a_silent_one_never()
    {
        using var logs = Open("a");
        await logs.StoreAllAsync();
        Assert.False(File.Exists(_shard.LogStorageIn("a").DatabasePath));
        logs.Add(Entry("one"));
        await logs.FlushAsync(default);
        Assert.Equal(0, await SegmentsAsync());
        _clock.Advance(TimeSpan.FromMinutes(16));
        await logs.FlushAsync(default);
        Assert.Equal(0, await SegmentsAsync());
        logs.Add(Entry("two"));
        await logs.FlushAsync(default);
        Assert.Equal(1, await SegmentsAsync());
    }

    [Fact]
    public async Task Cleaning_removes_what_is_older_here_and_in_object_storage()
    {
        using var logs = Open("a");
        logs.Add(Entry("old"));
        Assert.Equal(["old"], await MessagesAsync(logs));
        _clock.Advance(TimeSpan.FromDays(6));
        logs.Add(Entry("new"));
        await logs.FlushAsync(default);

        await logs.CleanAsync(daysMax: 5, default);

        Assert.Equal(["new"], await MessagesAsync(logs));
        using var other = Open("b");
        Assert.Equal(["new"], await MessagesAsync(other));
    }

    [Fact]
    public async Task Old_logs_of_a_tenant_that_stays_closed_go_when_its_newest_segment_says_so()
    {
        var sweep = new LogSweep(_shard.Objects, _clock);
        await StoreAsync("a", "first", daysKept: 0);
        await StoreAsync("b", "second", daysKept: 90);
        _clock.Advance(TimeSpan.FromDays(6));
        await StoreAsync("c", "third", daysKept: 7);
        await StoreAsync("d", "fourth", daysKept: 0);

        Assert.Equal(0, await sweep.RunAsync(_shard.Tenant, default));
        _clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(2, await sweep.RunAsync(_shard.Tenant, default));
        using (var other = Open("e")) Assert.Equal(["fourth", "third"], await MessagesAsync(other));
        _clock.Advance(TimeSpan.FromDays(6));
        Assert.Equal(2, await sweep.RunAsync(_shard.Tenant, default));
        Assert.Equal(0, await SegmentsAsync());
    }

    [Fact]
    public async Task Deleted_logs_are_gone_on_every_node_and_what_comes_after_them_is_kept()
    {
        using var other = Open("b");
        other.Add(Entry("seen by another node"));
        Assert.Equal(["seen by another node"], await MessagesAsync(other));
        await other.StoreAllAsync();
        using (var logs = Open("a"))
        {
            logs.Add(Entry("stored"));
            await logs.StoreAllAsync();
            logs.Add(Entry("waiting"));
            _clock.Advance(TimeSpan.FromSeconds(1));
            await logs.TruncateAsync(default);
            Assert.Empty(await MessagesAsync(logs));
            logs.Add(Entry("after"));
            Assert.Equal(["after"], await MessagesAsync(logs));
            await logs.StoreAllAsync();
        }

        using var again = Open("b");
        Assert.Equal(["after"], await MessagesAsync(again));
        using var fresh = Open("c");
        Assert.Equal(["after"], await MessagesAsync(fresh));
    }

    [Fact]
    public async Task Rows_that_come_after_all_were_cleaned_are_shipped_as_well()
    {
        using var logs = Open("a");
        logs.Add(Entry("one"));
        logs.Add(Entry("two"));
        await logs.StoreAllAsync();
        _clock.Advance(TimeSpan.FromDays(9));
        await logs.CleanAsync(daysMax: 5, default);
        logs.Add(Entry("three"));
        await logs.StoreAllAsync();
        using var other = Open("b");
        Assert.Equal(["three"], await MessagesAsync(other));
    }

    [Fact]
    public async Task Logs_that_do_not_say_how_long_they_are_wanted_are_kept_for_more_than_a_year()
    {
        var sweep = new LogSweep(_shard.Objects, _clock);
        await StoreAsync("a", "one", daysKept: 0);
        _clock.Advance(TimeSpan.FromDays(LogSweep.UnknownDaysKept - 1));
        Assert.Equal(0, await sweep.RunAsync(_shard.Tenant, default));
        _clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, await sweep.RunAsync(_shard.Tenant, default));
    }

    [Theory]
    [InlineData("20260801T120000000-1a2b3c4d-5d.jsonl.gz", 5)]
    [InlineData("20260801T120000000-1a2b3c4d-36500d.jsonl.gz", 36500)]
    [InlineData("20260801T120000000-1a2b3c4d.jsonl.gz", 0)]
    [InlineData("20260801T120000000-1111111d.jsonl.gz", 0)]
    [InlineData("20260801T120000000-1a2b3c4d-d.jsonl.gz", 0)]
    [InlineData("20260801T120000000-1a2b3c4d--5d.jsonl.gz", 0)]
    [InlineData("stranger", 0)]
    [InlineData("", 0)]
    public void A_segment_s_name_tells_how_long_the_tenant_wants_its_logs(string name, int days) =>
        Assert.Equal(days, LogArchive.DaysKeptOf(name));

    [Fact]
    public void A_full_buffer_keeps_room_for_errors_and_counts_what_it_leaves_out()
    {
        var buffer = new LogBuffer();
        for (var index = 0; index < LogBuffer.InformationMax + 7; index++) buffer.Add(Entry("fine"));
        Assert.Equal(LogBuffer.InformationMax, buffer.Count);
        Assert.False(buffer.Add(Entry("bad", LogSeverity.Error)));

        var rows = buffer.Take(out var missed);

        Assert.Equal((7, LogBuffer.InformationMax + 1, "bad"), (missed, rows.Count, rows[^1].Message));
        Assert.True(buffer.Add(Entry("again")));
    }

    [Fact]
    public async Task Noting_a_request_allocates_next_to_nothing()
    {
        var services = new ApiServices(new TenantApiOptions(), _clock, NullLoggerFactory.Instance);
        var feature = new ShardFeature(_shard) { Logs = Open("a") };
        var http = new DefaultHttpContext();
        http.Request.Path = "/api/collections/posts/records";
        http.Request.QueryString = new QueryString("?page=1&filter=a%3D1");
        http.Request.Method = "GET";
        http.Connection.RemoteIpAddress = IPAddress.Loopback;
        using var context = new ApiContext(http, services, feature, default);
        for (var index = 0; index < 128; index++) RequestLog.Add(context, _clock.GetTimestamp(), refusal: null);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var index = 0; index < 1000; index++) RequestLog.Add(context, _clock.GetTimestamp(), refusal: null);
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000;

        // The pool's arrays, the first time that they are needed: 216 bytes an entry.
        Assert.InRange(bytes, 0, 256);
        await feature.DisposeAsync();
        var again = new ShardFeature(_shard) { Logs = Open("a") };
        using var second = new ApiContext(http, services, again, default);
        RequestLog.Add(second, _clock.GetTimestamp(), refusal: null);
        before = GC.GetAllocatedBytesForCurrentThread();
        for (var index = 0; index < 1000; index++) RequestLog.Add(second, _clock.GetTimestamp(), refusal: null);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1000, 0, 256);
        await again.DisposeAsync();
        await services.DisposeAsync();
    }

    private async Task StoreAsync(string node, string message, int daysKept)
    {
        using var logs = Open(node);
        logs.Add(Entry(message), daysKept);
        await logs.StoreAllAsync();
    }

    private TenantLogs Open(string node) => new(_shard.LogStorageIn(node), _clock);

    private LogEntry Entry(string message, int level = LogSeverity.Information) =>
        new() { Time = _clock.GetUtcNow(), Level = level, Message = message };

    private static Task<List<string>> MessagesAsync(TenantLogs logs) => logs.ReadAsync(
        0,
        static (connection, _) =>
        {
            using var select = connection.Prepare("SELECT message FROM _logs ORDER BY message");
            var messages = new List<string>();
            while (select.Step()) messages.Add(select.Text(0));
            return messages;
        },
        default);

    private async Task<int> SegmentsAsync()
    {
        var count = 0;
        await foreach (var _ in _shard.Objects.ListAsync("tenants/acme/logs/", null, default)) count++;
        return count;
    }
}
