using Platform.Messages.Identity;

namespace Platform.Cluster.Membership;

/// <summary>
/// Divides the processor time of a process among its tenants, by what each has done. Averages of about a minute, so that
/// nothing is moved for a peak; a tenant that has just come counts in full at once, and one that has gone not at all.
/// </summary>
internal sealed class TenantShares
{
    /// <summary>Tenants that a heartbeat names: more would make it long, and the next ones matter less and less.</summary>
    public const int BusiestMax = 20;

    /// <summary>Of all processors; whoever uses less is not worth a name.</summary>
    private const double BusyMin = 0.002;

    /// <summary>
    /// What statements and requests do not explain is spread over them (writing JSON, compressing, collecting garbage) up to
    /// this many times what they do; more than that is the process's own work.
    /// </summary>
    private const double SpreadMax = 4;

    /// <summary>Weight of a sample, taken every five seconds: two thirds of an average are the last minute's.</summary>
    private const double SampleWeight = 1.0 / 12;

    private Dictionary<TenantId, Share> _shares = [];
    private double _own;
    private int _samples;

    /// <param name="work">What each open tenant has cost since it was opened.</param>
    /// <param name="cpuFraction">What the process used since the sample before.</param>
    /// <param name="processorTime">What all processors had to give since then.</param>
    public TenantReading Sample(
        IEnumerable<KeyValuePair<TenantId, TimeSpan>> work, double cpuFraction, TimeSpan processorTime)
    {
        var done = work.Select(tenant => (tenant.Key, Total: tenant.Value, New: NewOf(tenant.Key, tenant.Value))).ToList();
        var explained = (double)done.Sum(tenant => tenant.New) / processorTime.Ticks;
        var spread = explained > 0 ? Math.Min(cpuFraction / explained, SpreadMax) : 0;
        var shares = new Dictionary<TenantId, Share>(done.Count);
        foreach (var (tenant, total, added) in done)
            shares[tenant] = Next(_shares.GetValueOrDefault(tenant), total, spread * added / processorTime.Ticks);
        _shares = shares;
        _samples++;
        _own += Math.Max(SampleWeight, 1.0 / _samples) * (cpuFraction - spread * explained - _own);
        var ofTenants = shares.Values.Sum(share => share.Cpu);
        return new TenantReading(Round(_own + ofTenants), Round(ofTenants), Busiest());
    }

    private List<BusyTenant> Busiest() =>
    [
        .. _shares.Where(share => share.Value.Cpu >= BusyMin).OrderByDescending(share => share.Value.Cpu).Take(BusiestMax)
            .Select(share => new BusyTenant { Tenant = share.Key.Value, Cpu = Round(share.Value.Cpu) }),
    ];

    /// <summary>Ticks since the last sample. A total that went back is that of a tenant that was opened anew.</summary>
    private long NewOf(TenantId tenant, TimeSpan total) =>
        _shares.TryGetValue(tenant, out var share) && share.Work <= total ? (total - share.Work).Ticks : total.Ticks;

    private static Share Next(Share before, TimeSpan work, double cpu)
    {
        var samples = before.Samples + 1;
        return new Share(work, before.Cpu + Math.Max(SampleWeight, 1.0 / samples) * (cpu - before.Cpu), samples);
    }

    /// <summary>Short numbers make short heartbeats.</summary>
    private static double Round(double fraction) => Math.Round(Math.Max(0, fraction), 4);

    private readonly record struct Share(TimeSpan Work, double Cpu, int Samples);
}
