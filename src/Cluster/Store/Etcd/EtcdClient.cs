using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Configuration.Options;
using Platform.Cluster.Store.Etcd.Grpc;
using Platform.Cluster.Store.Etcd.Wire;

namespace Platform.Cluster.Store.Etcd;

/// <summary>
/// Calls that outlive members: each try has a time limit and goes to one member, the next try to the next one, until
/// the deadline. A member that is cut off or frozen, or that waits for a leader, costs one try.
/// </summary>
internal sealed partial class EtcdClient(
    EtcdSettings settings, EtcdMembers members, EtcdLogin login, TimeProvider time, ILogger logger)
{
    /// <summary>Wait after all members were asked in vain, in turns that get longer.</summary>
    private static readonly TimeSpan RoundDelayMin = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan RoundDelayMax = TimeSpan.FromMilliseconds(400);

    /// <summary>The cluster that answered first. Another one, even one restored from a backup, has other
    /// revisions.</summary>
    private ulong _clusterId;

    /// <param name="connection">The connections to use.</param>
    /// <param name="method">What to call.</param>
    /// <param name="request">The message.</param>
    /// <param name="doubted">Called when a try may have had an effect though it failed; false: do not try
    /// again.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="GrpcStatusException">etcd refused, and would again.</exception>
    /// <exception cref="ClusterStoreException">No member answered in time.</exception>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(
        GrpcConnection connection, GrpcMethod<TRequest, TResponse> method, TRequest request, Func<bool> doubted,
        CancellationToken cancellationToken)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse>
    {
        var started = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var left = settings.Deadline - time.GetElapsedTime(started);
            var member = members.Current;
            try
            {
                return await TryAsync(
                    left,
                    async (token, limit) => await connection.CallAsync(member, method, request, token, limit),
                    member,
                    cancellationToken);
            }
            catch (Exception failure) when (IsTransient(failure, cancellationToken))
            {
                members.Leave(member);
                LogMemberFailed(member.Authority, method.Path, failure.Message);
                if (MayHaveHappened(failure) && !doubted())
                    throw new ClusterStoreException($"etcd at {member.Authority} failed: {failure.Message}", failure);
                await WaitForNextAsync(started, attempt, failure, cancellationToken);
            }
        }
    }

    /// <summary>Asks every member how it is.</summary>
    public Task<EtcdMemberState[]> AskMembersAsync(GrpcConnection connection, CancellationToken cancellationToken) =>
        Task.WhenAll(members.All.Select(member => AskMemberAsync(connection, member, cancellationToken)));

    /// <summary>One try at one member; a token that is refused is got anew once.</summary>
    public async Task<T> TryAsync<T>(
        TimeSpan left, Func<string?, CancellationToken, Task<T>> call, Uri member, CancellationToken cancellationToken)
    {
        var limit = left < settings.TryTimeout ? left : settings.TryTimeout;
        using var timeout = new CancellationTokenSource(limit > TimeSpan.Zero ? limit : TimeSpan.FromTicks(1), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        string? token = null;
        try
        {
            token = await login.GetTokenAsync(member, either.Token);
            return await call(token, either.Token);
        }
        catch (GrpcStatusException refused) when (token is not null && MayBeTheToken(refused))
        {
            login.Forget(token);
            return await call(await login.GetTokenAsync(member, either.Token), either.Token);
        }
    }

    /// <summary>True when another member may do better.</summary>
    public static bool IsTransient(Exception failure, CancellationToken cancellationToken) => failure switch
    {
        GrpcStatusException refused => refused.IsTransient,
        HttpRequestException or IOException or InvalidDataException => true,
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        _ => false,
    };

    /// <summary>Waits before the next try, if it is the end of a round.</summary>
    /// <exception cref="ClusterStoreException">The deadline is over.</exception>
    public async Task WaitForNextAsync(
        long started, int attempt, Exception failure, CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(started) >= settings.Deadline)
            throw new ClusterStoreException(
                $"no member of etcd answered within {settings.Deadline.TotalSeconds:0.#} s; the last failure: "
                + failure.Message, failure);
        if (attempt % members.Count != 0) return;
        var delay = RoundDelayMin * Math.Pow(2, Math.Min(10, attempt / members.Count) - 1);
        await Task.Delay(delay < RoundDelayMax ? delay : RoundDelayMax, time, cancellationToken);
    }

    /// <exception cref="ClusterStoreException">It is not the cluster that answered before.</exception>
    public void CheckCluster(ResponseHeader header)
    {
        var known = Interlocked.CompareExchange(ref _clusterId, header.ClusterId, 0);
        if (known != 0 && known != header.ClusterId)
            throw new ClusterStoreException(
                "another etcd cluster answers than before, perhaps one that was restored from a backup: "
                + "its revisions cannot be compared with the known ones. Restart this process.");
    }

    private async Task<EtcdMemberState> AskMemberAsync(
        GrpcConnection connection, Uri member, CancellationToken cancellationToken)
    {
        var name = member.GetLeftPart(UriPartial.Authority);
        try
        {
            var answer = await TryAsync(
                settings.TryTimeout,
                (token, limit) => connection.CallAsync(member, EtcdMethods.Status, new StatusRequest(), token, limit),
                member, cancellationToken);
            return new EtcdMemberState(
                name, answer.Leader == 0 ? "it sees no leader" : null, answer.Leader == answer.Header.MemberId,
                answer.Version, answer.DbSize);
        }
        catch (Exception failure) when (failure is GrpcStatusException || IsTransient(failure, cancellationToken))
        {
            return new EtcdMemberState(name, "it does not answer", IsLeader: false, "", 0);
        }
    }

    /// <summary>A refused connection has had no effect; everything else may have.</summary>
    private static bool MayHaveHappened(Exception failure) => failure is not HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError
    };

    /// <summary>etcd says "invalid argument" for a token that is older than a change of its users.</summary>
    private static bool MayBeTheToken(GrpcStatusException refused) =>
        refused.Status is GrpcStatus.Unauthenticated or GrpcStatus.InvalidArgument or GrpcStatus.PermissionDenied;

    [LoggerMessage(3101, LogLevel.Debug, "etcd member {Member} failed at {Method}: {Reason}")]
    private partial void LogMemberFailed(string member, string method, string reason);
}
