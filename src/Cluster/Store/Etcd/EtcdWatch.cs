using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Configuration.Options;
using Platform.Cluster.Store.Etcd.Grpc;
using Platform.Cluster.Store.Etcd.Wire;

namespace Platform.Cluster.Store.Etcd;

/// <summary>
/// A watch that outlives members: it goes on at another one with the revision after the last that was told, so nothing
/// is missed and nothing told twice.
/// </summary>
internal sealed partial class EtcdWatch(
    EtcdClient client, EtcdMembers members, GrpcConnection connection, EtcdKeys keys, EtcdSettings settings,
    TimeProvider time, ILogger logger)
{
    /// <exception cref="StoreCompactedException">That far back is forgotten.</exception>
    /// <exception cref="ClusterStoreException">No member can be watched, or etcd refuses.</exception>
    public async IAsyncEnumerable<StoreChanges> FollowAsync(
        string prefix, long fromRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = fromRevision;
        while (true)
        {
            var (member, stream) = await OpenAsync(prefix, next, cancellationToken);
            await using (stream)
            {
                var assembly = new EtcdWatchAssembly(keys);
                while (await ReadAsync(member, stream, next, cancellationToken) is { } message)
                {
                    foreach (var changes in assembly.Take(message))
                    {
                        next = changes.Revision + 1;
                        yield return changes;
                    }
                }
            }
        }
    }

    /// <summary>The next message with events; null when the member failed.</summary>
    private async Task<WatchResponse?> ReadAsync(
        Uri member, EtcdWatchStream stream, long next, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var message = await stream.ReadAsync(cancellationToken);
                client.CheckCluster(message.Header);
                if (message.Canceled) throw Refusal(message, next);
                if (message.Events.Count > 0) return message;
            }
        }
        catch (Exception failure) when (EtcdClient.IsTransient(failure, cancellationToken))
        {
            LogEnded(member.Authority, failure.Message);
            members.Leave(member);
            return null;
        }
    }

    private async Task<(Uri Member, EtcdWatchStream Stream)> OpenAsync(
        string prefix, long next, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var member = members.Current;
            try
            {
                var stream = await client.TryAsync(
                    settings.Deadline - time.GetElapsedTime(started),
                    (token, limit) => TryOpenAsync(member, prefix, next, token, limit),
                    member,
                    cancellationToken);
                return (member, stream);
            }
            catch (GrpcStatusException refused) when (!refused.IsTransient)
            {
                throw new ClusterStoreException($"etcd refuses to watch '{prefix}': {refused.Message}", refused);
            }
            catch (Exception failure) when (EtcdClient.IsTransient(failure, cancellationToken))
            {
                members.Leave(member);
                await client.WaitForNextAsync(started, attempt, failure, cancellationToken);
            }
        }
    }

    private async Task<EtcdWatchStream> TryOpenAsync(
        Uri member, string prefix, long next, string? token, CancellationToken cancellationToken)
    {
        var create = new WatchRequest
        {
            CreateRequest = new WatchCreateRequest
            {
                Key = keys.Encode(prefix),
                RangeEnd = keys.EndOf(prefix),
                StartRevision = next,
                Fragment = true,
            },
        };
        var opened = await connection.OpenAsync(member, EtcdMethods.Watch, create, token, cancellationToken);
        var stream = new EtcdWatchStream(opened, settings.TryTimeout * 2, time);
        try
        {
            var answer = await stream.ReadAsync(cancellationToken);
            client.CheckCluster(answer.Header);
            return answer.Canceled ? throw Refusal(answer, next) : stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Compaction is told by its revision; otherwise it is the user's rights.</summary>
    private static Exception Refusal(WatchResponse message, long from) => message.CompactRevision > 0
        ? new StoreCompactedException(from, message.CompactRevision - 1)
        : new GrpcStatusException(GrpcStatus.PermissionDenied, message.CancelReason);

    [LoggerMessage(3102, LogLevel.Information, "The watch at etcd member {Member} ended ({Reason}); going on at the next")]
    private partial void LogEnded(string member, string reason);
}
