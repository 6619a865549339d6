using System.Buffers.Binary;
using Google.Protobuf;

namespace Platform.Cluster.Store.Etcd.Grpc;

/// <summary>
/// A message on a gRPC stream (gRPC, doc/PROTOCOL-HTTP2.md): <c>compressed: 1 byte, 0 | length: 4 bytes, big endian |
/// message</c>.
/// </summary>
internal static class GrpcFrame
{
    /// <summary>Bytes before the message.</summary>
    private const int HeaderBytes = 5;

    /// <summary>
    /// Largest message that is read, in bytes. A full page of the largest values has this order of size; etcd keeps a
    /// watch message near 2 MiB.
    /// </summary>
    private const int MessageBytesMax = 512 * 1024 * 1024;

    public static byte[] Encode(IMessage message)
    {
        var length = message.CalculateSize();
        var frame = new byte[HeaderBytes + length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), length);
        message.WriteTo(frame.AsSpan(HeaderBytes));
        return frame;
    }

    /// <summary>The next message, or null at the end of the stream.</summary>
    /// <exception cref="IOException">The stream is broken.</exception>
    public static async Task<byte[]?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderBytes];
        var read = await stream.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false, cancellationToken);
        if (read == 0) return null;
        var length = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1));
        if (read < HeaderBytes || header[0] != 0 || length is < 0 or > MessageBytesMax)
            throw new InvalidDataException("The answer is no gRPC message.");
        var message = new byte[length];
        await stream.ReadExactlyAsync(message, cancellationToken);
        return message;
    }
}
