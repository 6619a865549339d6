using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Membership;
using Platform.Cluster.Store;

namespace Platform.Cluster.Coordinator;

/// <summary>
/// Elects one coordinator among all control planes: whoever creates the key on its lease is it, for as long as the lease
/// lasts. The others wait for the key to vanish.
/// </summary>
internal sealed partial class CoordinatorElection(
    IClusterStore store, LocalNode node, CoordinatorCopy copy, TimeSpan ttl, TimeProvider time,
    ILogger<CoordinatorElection> logger)
{
    /// <summary>Should a change of the copy be missed, this is how long it costs.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(300);

    private volatile CoordinatorTerm? _term;

    /// <summary>This process's time in office; null while it is not the coordinator, certainly.</summary>
    public CoordinatorTerm? Term => _term is { IsHeld: true } term ? term : null;

    /// <summary>
    /// Stands for election until it is stopped; runs <paramref name="lead"/> during each time in office. Its token ends
    /// with the office.
    /// </summary>
    public async Task RunAsync(Func<CoordinatorTerm, CancellationToken, Task> lead, CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                while (copy.Current is not null) await copy.Changed.WaitAsync(LookInterval, time, stopping);
                try
                {
                    if (!await TryLeadAsync(lead, stopping)) await Task.Delay(RetryDelay, time, stopping);
                }
                catch (ClusterStoreException failure)
                {
                    LogElectionFailed(failure.Message);
                    await Task.Delay(RetryDelay, time, stopping);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    /// <summary>False: another was faster.</summary>
    private async Task<bool> TryLeadAsync(
        Func<CoordinatorTerm, CancellationToken, Task> lead, CancellationToken stopping)
    {
        // No margin is needed: each decision compares the office's epoch in the store.
        var lease = new HeldLease(store, ttl, time, TimeSpan.Zero);
        await lease.GrantAsync(stopping);
        try
        {
            var commit = await store.CommitAsync(
                new StoreTransaction
                {
                    Compares = [StoreCompare.Absent(ClusterKeys.Coordinator)],
                    Operations = [StoreOperation.Put(ClusterKeys.Coordinator, Describe(), lease.Id)],
                },
                stopping);
            if (!commit.Succeeded) return false;
            await HoldOfficeAsync(commit.Revision, lease, lead, stopping);
            return true;
        }
        finally
        {
            // Also after a failure in doubt: a key that nobody knows of must not keep the office empty.
            await RevokeAsync(lease);
        }
    }

    private async Task HoldOfficeAsync(
        long epoch, HeldLease lease, Func<CoordinatorTerm, CancellationToken, Task> lead, CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var term = new CoordinatorTerm(epoch, lease) { Over = over.Token };
        _term = term;
        LogElected(node.Id, term.Epoch);
        var leading = lead(term, over.Token);
        var keeping = KeepAsync(lease, over.Token);
        var deposed = UntilDeposedAsync(epoch, over.Token);
        try
        {
            await Task.WhenAny(keeping, leading, deposed);
        }
        finally
        {
            _term = null;
            await over.CancelAsync();
            await Task.WhenAll(keeping, deposed);
            await leading;
            LogResigned(node.Id, term.Epoch);
        }
    }

    private static async Task KeepAsync(HeldLease lease, CancellationToken over)
    {
        try
        {
            await lease.KeepAsync(over);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The office is over for another reason.
        }
    }

    /// <summary>
    /// Returns when the key of this office is gone although its lease lives: another process has taken this one for dead.
    /// </summary>
    private async Task UntilDeposedAsync(long epoch, CancellationToken over)
    {
        try
        {
            while (!copy.HasEnded(epoch)) await copy.Changed.WaitAsync(LookInterval, time, over);
            LogDeposed(node.Id, epoch);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The office is over for another reason.
        }
    }

    private async Task RevokeAsync(HeldLease lease)
    {
        using var late = new CancellationTokenSource(ttl, time);
        try
        {
            await lease.RevokeAsync(late.Token);
        }
        catch (Exception failure) when (failure is ClusterStoreException or OperationCanceledException)
        {
            // It ends by itself.
            LogElectionFailed(failure.Message);
        }
    }

    private byte[] Describe() => JsonSerializer.SerializeToUtf8Bytes(
        new CoordinatorDocument
        {
            Node = node.Id,
            Address = node.Address,
            Instance = node.Instance,
            Candidacy = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
        },
        CoordinatorJson.Default.CoordinatorDocument);

    [LoggerMessage(3120, LogLevel.Information, "Node {NodeId} is the coordinator, epoch {Epoch}")]
    private partial void LogElected(string nodeId, long epoch);

    [LoggerMessage(3121, LogLevel.Information, "Node {NodeId} is not the coordinator any more, epoch {Epoch}")]
    private partial void LogResigned(string nodeId, long epoch);

    [LoggerMessage(3123, LogLevel.Warning,
        "Node {NodeId} lives, but others have ended its office as coordinator, epoch {Epoch}")]
    private partial void LogDeposed(string nodeId, long epoch);

    [LoggerMessage(3122, LogLevel.Warning, "The election of the coordinator failed and is tried again: {Reason}")]
    private partial void LogElectionFailed(string reason);
}
