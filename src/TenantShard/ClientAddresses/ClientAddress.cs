using System.Net;

namespace Platform.TenantShard.ClientAddresses;

/// <summary>Addresses of clients in one form.</summary>
internal static class ClientAddress
{
    /// <summary>An IPv4 address that came in the clothes of IPv6 is an IPv4 address.</summary>
    public static IPAddress Normal(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
