using Amazon.S3.Model;

namespace Platform.Replication.ObjectStore.S3;

/// <summary>
/// The body of a download. A read that makes no progress within the timeout fails, as the store's faults do.
/// </summary>
internal sealed class S3BodyStream(GetObjectResponse response, string key, TimeSpan stallLimit, TimeProvider time)
    : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

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

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Not offered: it would hold a thread of the pool for as long as the network takes.</summary>
    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Objects are read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            response.Dispose();
        }

        base.Dispose(disposing);
    }
}
