using Amazon.S3.Model;

namespace Platform.Replication.ObjectStore.S3;

/// <summary>
/// The body of a download. A read that makes no progress within the timeout fails, as the store's faults do.
/// </summary>
internal sealed class S3BodyStream(GetObjectResponse response, string key, TimeSpan stallLimit, TimeProvider time)
    : ObjectStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var timeout = new CancellationTokenSource(stallLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await response.ResponseStream.ReadAsync(buffer, either.Token);
        }
        catch (Exception fault) when (S3Fault.IsFault(fault, cancellationToken))
        {
            throw S3Fault.From("read", key, fault);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            response.Dispose();
        }

        base.Dispose(disposing);
    }
}
