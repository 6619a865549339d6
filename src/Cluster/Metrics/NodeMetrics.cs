using System.Diagnostics.Metrics;
using Platform.Cluster.Membership;
using Platform.Cluster.Tenants;

namespace Platform.Cluster.Metrics;

/// <summary>What a node says of itself and of the registry.</summary>
internal sealed class NodeMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Platform.Cluster";

    public NodeMetrics(IMeterFactory meters, NodeSampler sampler, TenantIndex tenants)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge(
            "node.cpu.utilization", () => sampler.Latest.CpuFraction, "1",
            "Processor time of this process since the last heartbeat, of all processors together.");
        meter.CreateObservableGauge(
            "node.memory.used", () => sampler.Latest.MemoryBytes, "By", "Physical memory of this process.");
        meter.CreateObservableGauge(
            "node.memory.limit", () => sampler.Latest.MemoryBytesMax, "By",
            "Memory that this process may use: the machine's or the container's.");
        meter.CreateObservableGauge(
            "node.disk.free", () => sampler.Latest.DiskBytesFree, "By", "Free space where the data folder is.");
        meter.CreateObservableGauge(
            "node.disk.size", () => sampler.Latest.DiskBytesMax, "By", "Size of the file system of the data folder.");
        meter.CreateObservableGauge(
            "registry.tenants", () => tenants.Count, "{tenant}", "Registered tenants, without deleted ones.");
    }
}
