using Google.Protobuf;
using Platform.Cluster.Store.Etcd.Grpc;
using Platform.Cluster.Store.Etcd.Wire;

namespace Platform.Cluster.Store.Etcd;

/// <summary>
/// Transactions, made once although tries can fail in doubt. A transaction that changes a key which it also compares
/// (its <i>guard</i>) can be sent again: if the first try had worked, the comparison cannot hold any more, and the
/// guard's value, which comes back then, tells whose change it was. Others are not sent again.
/// </summary>
internal sealed class EtcdTransactions(EtcdClient client, GrpcConnection connection, EtcdKeys keys)
{
    /// <exception cref="GrpcStatusException">etcd refused.</exception>
    /// <exception cref="ClusterStoreException">It may have happened or not.</exception>
    /// <exception cref="StoreLeaseNotFoundException">A lease has ended; nothing was changed.</exception>
    public async Task<StoreCommit> CommitAsync(StoreTransaction transaction, CancellationToken cancellationToken)
    {
        var guard = FindGuard(transaction);
        var isDoubtful = false;
        try
        {
            var answer = await client.CallAsync(
                connection, EtcdMethods.Txn, Encode(transaction, guard), Doubted, cancellationToken);
            client.CheckCluster(answer.Header);
            if (answer.Succeeded || !isDoubtful || guard is not { } operation)
                return new StoreCommit(answer.Succeeded, answer.Header.Revision);
            return Settle(operation, answer.Responses[0].ResponseRange);
        }
        catch (GrpcStatusException refused) when (refused.Status == GrpcStatus.NotFound && !isDoubtful)
        {
            throw new StoreLeaseNotFoundException(
                transaction.Operations.Select(operation => operation.LeaseId).FirstOrDefault(lease => lease != 0));
        }

        bool Doubted()
        {
            isDoubtful = true;
            return guard is not null || transaction.Operations.Count == 0;
        }
    }

    /// <summary>An earlier try was in doubt and the comparisons fail now: ours, or another's change?</summary>
    private static StoreCommit Settle(StoreOperation guard, RangeResponse found)
    {
        var isOurs = guard.Value is { } value && found.Kvs.Count == 1
            && found.Kvs[0].Lease == guard.LeaseId && found.Kvs[0].Value.Span.SequenceEqual(value.Span);
        return isOurs
            ? new StoreCommit(true, found.Kvs[0].ModRevision)
            : throw new ClusterStoreException(
                $"a change of '{guard.Key}' may have been made before the connection broke, or another was.");
    }

    private static StoreOperation? FindGuard(StoreTransaction transaction)
    {
        foreach (var operation in transaction.Operations)
            foreach (var compare in transaction.Compares)
                if (compare.Key == operation.Key && IsGuard(compare, operation)) return operation;
        return null;
    }

    /// <summary>
    /// A put makes "unchanged" and "absent" untrue; a delete makes "unchanged" untrue, unless nothing was there.
    /// </summary>
    private static bool IsGuard(StoreCompare compare, StoreOperation operation) => operation.Value is null
        ? compare.Revision != 0
        : compare.Revision == 0 || !compare.IsOnCreation;

    private TxnRequest Encode(StoreTransaction transaction, StoreOperation? guard)
    {
        var request = new TxnRequest();
        request.Compare.AddRange(transaction.Compares.Select(Encode));
        request.Success.AddRange(transaction.Operations.Select(Encode));
        if (guard is { } operation)
            request.Failure.Add(new RequestOp { RequestRange = new RangeRequest { Key = keys.Encode(operation.Key) } });
        return request;
    }

    private Compare Encode(StoreCompare compare)
    {
        var encoded = new Compare { Key = keys.Encode(compare.Key), Result = Compare.Types.CompareResult.Equal };
        if (compare.IsOnCreation)
        {
            encoded.Target = Compare.Types.CompareTarget.Create;
            encoded.CreateRevision = compare.Revision;
        }
        else
        {
            encoded.Target = Compare.Types.CompareTarget.Mod;
            encoded.ModRevision = compare.Revision;
        }

        return encoded;
    }

    private RequestOp Encode(StoreOperation operation) => operation.Value is { } value
        ? new RequestOp
        {
            RequestPut = new PutRequest
            {
                Key = keys.Encode(operation.Key),
                Value = UnsafeByteOperations.UnsafeWrap(value),
                Lease = operation.LeaseId,
            },
        }
        : new RequestOp { RequestDeleteRange = new DeleteRangeRequest { Key = keys.Encode(operation.Key) } };
}
