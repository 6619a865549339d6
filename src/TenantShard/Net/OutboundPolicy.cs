using System.Net;
using System.Net.Sockets;

namespace Platform.TenantShard.Net;

/// <summary>
/// Where tenants may make the node connect to: their settings name mail servers and identity providers. Link-local
/// addresses, where clouds answer with the machine's credentials, are never reached; private ones only when allowed.
/// The address that was judged is the one that is connected to.
/// </summary>
internal sealed class OutboundPolicy(bool reachesPrivateNetworks)
{
    private static readonly IPNetwork[] PrivateNetworks =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("::/127"), IPNetwork.Parse("fc00::/7"),
    ];

    private static readonly IPNetwork[] LocalLinks = [IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("fe80::/10")];

    /// <exception cref="OutboundRefusedException">No address of the host is allowed.</exception>
    public async ValueTask<NetworkStream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var addresses = Array.FindAll(await Dns.GetHostAddressesAsync(host, cancellationToken), Allows);
        if (addresses.Length == 0) throw new OutboundRefusedException("The host is not reachable from here.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public bool Allows(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (Array.Exists(LocalLinks, network => network.Contains(address))) return false;
        return reachesPrivateNetworks || !Array.Exists(PrivateNetworks, network => network.Contains(address));
    }
}
