using Microsoft.Extensions.Logging.Abstractions;
using Platform.Cluster.Configuration.Options;
using Platform.Cluster.Store.Etcd;
using Platform.Testing.Etcd;

namespace Platform.Cluster.Tests.Store.Etcd;

/// <summary>One real cluster of three members for all tests of a class.</summary>
public sealed class EtcdFixture : IAsyncLifetime
{
    public EtcdCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync() => Cluster = await EtcdCluster.StartAsync();

    public async Task DisposeAsync() => await Cluster.DisposeAsync();

    /// <summary>Members are few and near: short limits keep the tests short.</summary>
    internal static EtcdSettings Settings(EtcdCluster cluster) => new()
    {
        Endpoints = cluster.Endpoints,
        TryTimeout = TimeSpan.FromSeconds(1),
        Deadline = TimeSpan.FromSeconds(10),
    };

    internal static Task<EtcdStore> OpenAsync(EtcdSettings settings) => EtcdStore.OpenAsync(
        settings, new Random(1), TimeProvider.System, NullLogger<EtcdStore>.Instance, CancellationToken.None);

    /// <summary>Brings every member back, whatever a test did to it.</summary>
    internal async Task HealAsync()
    {
        for (var member = 1; member <= Cluster.Endpoints.Count; member++)
        {
            try
            {
                await Cluster.ResumeAsync(member);
            }
            catch (InvalidOperationException)
            {
                await Cluster.RestartAsync(member);
            }
        }
    }
}
