using System.Net;
using System.Net.Sockets;

namespace Platform.Cluster.Liveness;

/// <summary>
/// Asks a machine whether anybody listens at an address. "Nobody" is the kernel's word, given at once; silence says
/// nothing: the machine may be slow, frozen, or behind a network that is cut.
/// </summary>
internal static class RefusalProbe
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromMilliseconds(500);

    public static async Task<bool> IsRefusedAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(AnswerTimeout);
        try
        {
            await socket.ConnectAsync(address, late.Token);
            return false;
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode == SocketError.ConnectionRefused;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
