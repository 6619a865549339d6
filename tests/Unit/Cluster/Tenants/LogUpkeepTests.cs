using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Cluster.Tenants;
using Platform.TenantShard.Logs;
using Platform.Testing;
using Platform.Testing.ObjectStores;

namespace Platform.Cluster.Tests.Tenants;

public sealed class LogUpkeepTests : IAsyncLifetime
{
    private readonly SimulatedTime _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private RegistryFixture _fixture = null!;

    private static CancellationToken None => CancellationToken.None;

    public async Task InitializeAsync() => _fixture = await RegistryFixture.OpenAsync();

    public async Task DisposeAsync()
    {
        await _fixture.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task Every_tenant_comes_once_in_the_interval_at_the_cost_of_one_request()
    {
        await CreateAsync(count: 50);
        var upkeep = Upkeep(TimeSpan.FromDays(7));
        var lists = _fixture.Objects.Traffic.Requests(ObjectOperations.List);
        for (var hour = 0; hour < 7 * 24; hour++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            await upkeep.LookAsync(None);
        }

        Assert.InRange(_fixture.Objects.Traffic.Requests(ObjectOperations.List) - lists, 49, 51);
    }

    [Fact]
    public async Task What_is_old_goes_within_an_interval_and_what_is_wanted_stays()
    {
        await CreateAsync(count: 3);
        await PutAsync("tenants/t0/logs/20250101T000000000-00000000-5d.jsonl.gz");
        await PutAsync("tenants/t1/logs/20250101T000000000-00000000-3650d.jsonl.gz");
        await PutAsync("tenants/t2/storage/a/b/c");
        var upkeep = Upkeep(TimeSpan.FromDays(1));
        _time.Advance(TimeSpan.FromDays(1.5));
        await upkeep.LookAsync(None);
        Assert.Equal(
            ["tenants/t1/logs/20250101T000000000-00000000-3650d.jsonl.gz", "tenants/t2/storage/a/b/c"], await KeysAsync());
    }

    [Fact]
    public async Task Only_the_leader_asks_object_storage_and_a_failure_is_tried_again()
    {
        await CreateAsync(count: 2);
        await PutAsync("tenants/t0/logs/20250101T000000000-00000000-5d.jsonl.gz");
        var isLeading = false;
        var upkeep = Upkeep(TimeSpan.FromDays(1), () => isLeading);
        var lists = _fixture.Objects.Traffic.Requests(ObjectOperations.List);
        _time.Advance(TimeSpan.FromDays(3));
        await upkeep.LookAsync(None);
        Assert.Equal(lists, _fixture.Objects.Traffic.Requests(ObjectOperations.List));

        isLeading = true;
        _fixture.Objects.IsOut = true;
        _time.Advance(TimeSpan.FromDays(1));
        await upkeep.LookAsync(None);
        _fixture.Objects.IsOut = false;
        _time.Advance(TimeSpan.FromDays(2));
        await upkeep.LookAsync(None);
        Assert.Empty(await KeysAsync());
    }

    private LogUpkeep Upkeep(TimeSpan interval, Func<bool>? isLeading = null) => new(
        new LogSweep(_fixture.Objects, _time), _fixture.Parts.Index, interval, isLeading ?? (() => true),
        _services.GetRequiredService<IMeterFactory>(), _time, new Random(1), NullLogger<LogUpkeep>.Instance);

    private async Task CreateAsync(int count)
    {
        for (var number = 0; number < count; number++) await _fixture.CreateAsync($"t{number}");
    }

    private Task PutAsync(string key) => _fixture.Objects.PutAsync(key, new byte[1], None);

    private async Task<List<string>> KeysAsync()
    {
        var keys = new List<string>();
        await foreach (var entry in _fixture.Objects.ListAsync("tenants/", null, None))
            if (!entry.Key.EndsWith("metadata.json", StringComparison.Ordinal)) keys.Add(entry.Key);
        return keys;
    }
}
