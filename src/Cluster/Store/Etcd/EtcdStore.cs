using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Configuration.Options;
using Platform.Cluster.Store.Etcd.Grpc;
using Platform.Cluster.Store.Etcd.Wire;

namespace Platform.Cluster.Store.Etcd;

/// <summary>The cluster store of many processes: etcd 3.4 or later. See <see cref="IClusterStore"/> for what holds.</summary>
internal sealed class EtcdStore : IClusterStore
{
    private readonly CancellationTokenSource _closing = new();
    private readonly EtcdKeys _keys;
    private readonly EtcdLogin _login;
    private readonly EtcdClient _client;
    private readonly EtcdTransactions _transactions;
    private readonly EtcdWatch _watch;

    // Separate connections: a listing of everything must not hold up a lease, nor a burst of events a transaction.
    private readonly GrpcConnection _unary;
    private readonly GrpcConnection _keepAlive;
    private readonly GrpcConnection _watching;

    private EtcdStore(EtcdSettings settings, Random random, TimeProvider time, ILogger<EtcdStore> logger)
    {
        var tls = EtcdTls.Open(settings);
        Description = $"etcd at {string.Join(", ", settings.Endpoints.Select(endpoint => endpoint.Authority))}";
        _unary = new GrpcConnection(tls, settings.TryTimeout);
        _keepAlive = new GrpcConnection(tls, settings.TryTimeout);
        _watching = new GrpcConnection(tls, settings.TryTimeout);
        _keys = new EtcdKeys(settings.Prefix);
        _login = new EtcdLogin(settings.User, settings.Password, _unary);

        // Each process begins at another member, so that their load spreads.
        var members = new EtcdMembers(settings.Endpoints, random.Next(settings.Endpoints.Count));
        _client = new EtcdClient(settings, members, _login, time, logger);
        _transactions = new EtcdTransactions(_client, _unary, _keys);
        var watched = new EtcdMembers(settings.Endpoints, random.Next(settings.Endpoints.Count));
        _watch = new EtcdWatch(_client, watched, _watching, _keys, settings, time, logger);
    }

    public string Description { get; }

    /// <summary>Makes sure that a member answers.</summary>
    /// <exception cref="ClusterStoreException">None does, or it refuses the user or the certificate.</exception>
    public static async Task<EtcdStore> OpenAsync(
        EtcdSettings settings, Random random, TimeProvider time, ILogger<EtcdStore> logger,
        CancellationToken cancellationToken)
    {
        var store = new EtcdStore(settings, random, time, logger);
        try
        {
            await store.ListAsync("/", null, 1, cancellationToken);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public async Task<StoreEntry?> GetAsync(string key, CancellationToken cancellationToken)
    {
        StoreLimits.CheckKey(key);
        var answer = await RangeAsync(new RangeRequest { Key = _keys.Encode(key) }, cancellationToken);
        return answer.Kvs.Count == 0 ? null : _keys.ToEntry(answer.Kvs[0]);
    }

    public async Task<StorePage> ListAsync(
        string prefix, string? startAfter, int limit, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPrefix(prefix);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, StoreLimits.PageSizeMax);

        // The key after a key is that key and a zero byte.
        var isAfter = startAfter is not null && string.CompareOrdinal(startAfter, prefix) >= 0;
        var request = new RangeRequest
        {
            Key = _keys.Encode(isAfter ? startAfter! + '\0' : prefix),
            RangeEnd = _keys.EndOf(prefix),
            Limit = limit,
        };
        var answer = await RangeAsync(request, cancellationToken);
        return new StorePage([.. answer.Kvs.Select(_keys.ToEntry)], answer.More, answer.Header.Revision);
    }

    public Task<StoreCommit> CommitAsync(StoreTransaction transaction, CancellationToken cancellationToken)
    {
        transaction.Validate();
        return AskAsync(limit => _transactions.CommitAsync(transaction, limit), cancellationToken);
    }

    public async Task<StoreLease> GrantLeaseAsync(TimeSpan ttl, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ttl, TimeSpan.Zero);

        // A second lease that nobody knows of after a try in doubt holds no keys and ends by itself.
        var request = new LeaseGrantRequest { TTL = (long)Math.Ceiling(ttl.TotalSeconds) };
        var answer = await CallAsync(_unary, EtcdMethods.LeaseGrant, request, cancellationToken);
        _client.CheckCluster(answer.Header);
        return new StoreLease(answer.ID, TimeSpan.FromSeconds(answer.TTL));
    }

    public async Task RenewLeaseAsync(long leaseId, CancellationToken cancellationToken)
    {
        var request = new LeaseKeepAliveRequest { ID = leaseId };
        var answer = await CallAsync(_keepAlive, EtcdMethods.LeaseKeepAlive, request, cancellationToken);
        _client.CheckCluster(answer.Header);
        if (answer.TTL <= 0) throw new StoreLeaseNotFoundException(leaseId);
    }

    public Task RevokeLeaseAsync(long leaseId, CancellationToken cancellationToken) => AskAsync(
        async limit =>
        {
            try
            {
                await _client.CallAsync(
                    _unary, EtcdMethods.LeaseRevoke, new LeaseRevokeRequest { ID = leaseId }, () => true, limit);
            }
            catch (GrpcStatusException refused) when (refused.Status == GrpcStatus.NotFound)
            {
                // It has ended already, perhaps by the first of two tries.
            }

            return true;
        },
        cancellationToken);

    public IAsyncEnumerable<StoreChanges> WatchAsync(
        string prefix, long fromRevision, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPrefix(prefix);
        ArgumentOutOfRangeException.ThrowIfLessThan(fromRevision, 1);
        return _watch.FollowAsync(prefix, fromRevision, cancellationToken);
    }

    /// <summary>How each member is; never fails because one of them does.</summary>
    public Task<EtcdMemberState[]> AskMembersAsync(CancellationToken cancellationToken) =>
        AskAsync(limit => _client.AskMembersAsync(_unary, limit), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _unary.Dispose();
        _keepAlive.Dispose();
        _watching.Dispose();
        _login.Dispose();
        _closing.Dispose();
    }

    private async Task<RangeResponse> RangeAsync(RangeRequest request, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(_unary, EtcdMethods.Range, request, cancellationToken);
        _client.CheckCluster(answer.Header);
        return answer;
    }

    /// <summary>A call that does no harm when it is made twice.</summary>
    private Task<TResponse> CallAsync<TRequest, TResponse>(
        GrpcConnection connection, GrpcMethod<TRequest, TResponse> method, TRequest request,
        CancellationToken cancellationToken)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse> =>
        AskAsync(limit => _client.CallAsync(connection, method, request, () => true, limit), cancellationToken);

    /// <summary>Ends with the store, and speaks of failures in the words of the port.</summary>
    private async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token, cancellationToken);
        try
        {
            return await ask(either.Token);
        }
        catch (GrpcStatusException refused)
        {
            throw new ClusterStoreException($"etcd refused: {refused.Message}", refused);
        }
    }
}
