namespace Platform.Replication.Tests.Ltx;

/// <summary>A stream that gives at most a few bytes a read, as networks do.</summary>
internal sealed class TricklingStream(byte[] content, int bytesMax) : MemoryStream(content)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(buffer.Length, bytesMax)], cancellationToken);
}
