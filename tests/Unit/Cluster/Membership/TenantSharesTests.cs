using Platform.Cluster.Membership;
using Platform.Messages.Identity;

namespace Platform.Cluster.Tests.Membership;

public sealed class TenantSharesTests
{
    /// <summary>Two processors for five seconds.</summary>
    private static readonly TimeSpan Given = TimeSpan.FromSeconds(10);

    private readonly TenantShares _shares = new();
    private readonly Dictionary<string, double> _work = [];

    [Fact]
    public void Processor_time_is_divided_by_what_tenants_have_done()
    {
        var reading = Sample(cpu: 0.6, ("a", 3), ("b", 1));

        // They explain 0.4; the rest is spread over them.
        Assert.Equal((0.6, 0.6), (reading.CpuSteady, reading.CpuOfTenants));
        Assert.Equal([("a", 0.45), ("b", 0.15)], reading.Busiest.Select(tenant => (tenant.Tenant, tenant.Cpu)));
    }

    [Fact]
    public void Statements_that_waited_for_a_disk_do_not_count_for_more_than_was_used()
    {
        var reading = Sample(cpu: 0.1, ("a", 9));
        Assert.Equal((0.1, 0.1), (reading.CpuSteady, reading.CpuOfTenants));
    }

    [Fact]
    public void What_no_tenant_explains_is_the_process_s_own()
    {
        var idle = Reading(0.5);
        Assert.Equal((0.5, 0), (idle.CpuSteady, idle.CpuOfTenants));
        var reading = Sample(cpu: 0.5, ("a", 0.1));
        Assert.Equal(0.04, reading.CpuOfTenants);
    }

    [Fact]
    public void A_peak_counts_little_and_what_lasts_counts_in_full()
    {
        for (var sample = 0; sample < 30; sample++) Sample(cpu: 0.02, ("a", 0.1), ("b", 0.1));
        var peak = Sample(cpu: 0.9, ("a", 8.9), ("b", 0.1));
        Assert.InRange(peak.Busiest[0].Cpu, 0.05, 0.1);
        for (var sample = 0; sample < 60; sample++) peak = Sample(cpu: 0.9, ("a", 8.9), ("b", 0.1));
        Assert.InRange(peak.Busiest[0].Cpu, 0.87, 0.9);
    }

    [Fact]
    public void A_tenant_that_comes_counts_at_once_and_one_that_goes_not_at_all()
    {
        for (var sample = 0; sample < 30; sample++) Sample(cpu: 0.5, ("a", 5));
        var both = Sample(cpu: 0.9, ("a", 5), ("b", 4));
        Assert.Equal(0.9, both.CpuSteady, 2);
        _work.Remove("a");
        var left = Sample(cpu: 0.4, ("b", 4));
        Assert.Equal(0.4, left.CpuSteady, 2);
        Assert.Equal("b", Assert.Single(left.Busiest).Tenant);
    }

    [Fact]
    public void A_tenant_that_was_opened_anew_begins_again()
    {
        Sample(cpu: 0.5, ("a", 5));
        _work["a"] = 0;
        Assert.Equal(0.5, Sample(cpu: 0.5, ("a", 2)).CpuOfTenants, 4);
    }

    [Fact]
    public void A_heartbeat_names_twenty_at_most_and_none_that_does_next_to_nothing()
    {
        var reading = Sample(cpu: 1, [.. Enumerable.Range(0, 200).Select(number => ($"t{number}", number < 50 ? 0.18 : 0.005))]);
        Assert.Equal(TenantShares.BusiestMax, reading.Busiest.Count);
        reading = Sample(cpu: 0.01, [.. Enumerable.Range(200, 100).Select(number => ($"t{number}", 0.001))]);
        Assert.DoesNotContain(reading.Busiest, tenant => int.Parse(tenant.Tenant[1..]) >= 200);
    }

    /// <param name="cpu">What the process used.</param>
    /// <param name="done">Processor seconds that tenants have done since the last sample.</param>
    private TenantReading Sample(double cpu, params (string Tenant, double Seconds)[] done)
    {
        foreach (var (tenant, seconds) in done) _work[tenant] = _work.GetValueOrDefault(tenant) + seconds;
        return Reading(cpu);
    }

    private TenantReading Reading(double cpu) => _shares.Sample(
        _work.Select(pair => KeyValuePair.Create(TenantId.Parse(pair.Key), TimeSpan.FromSeconds(pair.Value))), cpu, Given);
}
