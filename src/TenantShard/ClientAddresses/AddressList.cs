using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Platform.TenantShard.ClientAddresses;

/// <summary>Addresses and networks, as settings name them: <c>10.0.0.7</c>, <c>10.0.0.0/8</c>, <c>fd00::/8</c>.</summary>
internal sealed class AddressList
{
    public static readonly AddressList Empty = new([]);

    private readonly IPNetwork[] _networks;

    private AddressList(IPNetwork[] networks) => _networks = networks;

    public bool IsEmpty => _networks.Length == 0;

    /// <summary>Reads a list of texts. What is neither an address nor a network matches nothing.</summary>
    public static AddressList From(JsonArray items)
    {
        var networks = new List<IPNetwork>();
        foreach (var item in items)
            if (TryParse(item!.GetValue<string>(), out var network)) networks.Add(network);
        return networks.Count == 0 ? Empty : new AddressList([.. networks]);
    }

    public static bool TryParse(string text, out IPNetwork network)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            address = ClientAddress.Normal(address);
            network = new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
            return true;
        }

        return IPNetwork.TryParse(text, out network);
    }

    public bool Contains(IPAddress? address)
    {
        if (address is null) return false;
        foreach (var network in _networks)
            if (network.Contains(address)) return true;
        return false;
    }
}
