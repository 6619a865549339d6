using Platform.TenantShard.Hosting;

namespace Platform.Cluster.Membership;

/// <summary>What a node measured of itself, as the others see it.</summary>
internal sealed record NodeLoad
{
    public int Processors { get; init; } = 1;

    /// <summary>Of all processors of the machine together, 0 to 1.</summary>
    public double CpuFraction { get; init; }

    /// <summary>
    /// The same without the ups and downs of seconds. Null: the node does not say, it is of a release before this field.
    /// </summary>
    public double? CpuSteady { get; init; }

    /// <summary>What of it tenants use; null as above.</summary>
    public double? CpuOfTenants { get; init; }

    /// <summary>The tenants that use most of it, the first one the most; a few. Documents of before do not have it.</summary>
    public IReadOnlyList<BusyTenant> Busiest { get => field ?? []; init; } = [];

    public long MemoryBytes { get; init; }

    public long MemoryBytesMax { get; init; }

    public long DiskBytesFree { get; init; }

    public long DiskBytesMax { get; init; }

    public int TenantsActive { get; init; }

    /// <summary>0: the node runs no tenants.</summary>
    public int TenantsActiveMax { get; init; }

    public long SqliteBytes { get; init; }

    public long UnshippedBytes { get; init; }

    /// <param name="reading">Of the process and its machine.</param>
    /// <param name="tenants">Null: it runs none.</param>
    public static NodeLoad Of(NodeReading reading, ShardHostStatus? tenants) => new()
    {
        Processors = Environment.ProcessorCount,
        CpuFraction = reading.CpuFraction,
        CpuSteady = reading.Tenants.CpuSteady,
        CpuOfTenants = reading.Tenants.CpuOfTenants,
        Busiest = reading.Tenants.Busiest,
        MemoryBytes = reading.MemoryBytes,
        MemoryBytesMax = reading.MemoryBytesMax,
        DiskBytesFree = reading.DiskBytesFree,
        DiskBytesMax = reading.DiskBytesMax,
        TenantsActive = tenants?.Active ?? 0,
        TenantsActiveMax = tenants?.ActiveMax ?? 0,
        SqliteBytes = tenants?.SqliteBytes ?? 0,
        UnshippedBytes = tenants?.UnshippedBytes ?? 0,
    };
}
