using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Platform.Cluster.Configuration.Options;

/// <summary>Where a listener binds. <see cref="Address"/> null means every address of the machine.</summary>
internal sealed record ListenAddress(string Host, IPAddress? Address, int Port)
{
    public const string Rule = "must be HOST:PORT, where HOST is an IP address, localhost or *, and PORT is 0 to 65535";

    public static bool TryParse(string text, [NotNullWhen(true)] out ListenAddress? address)
    {
        address = null;
        const string scheme = "http://";
        if (text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) text = text[scheme.Length..].TrimEnd('/');
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(
            text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return false;
        var host = text[..colon];
        if (host == "*")
        {
            address = new ListenAddress(host, null, port);
            return true;
        }

        var isBracketed = host.StartsWith('[') && host.EndsWith(']');
        if (host.Contains(':', StringComparison.Ordinal) && !isBracketed) return false;
        IPAddress? ip = IPAddress.Loopback;
        if (host != "localhost" && !IPAddress.TryParse(host.Trim('[', ']'), out ip)) return false;
        address = new ListenAddress(host, ip, port);
        return true;
    }

    /// <summary>True when both cannot be opened at once.</summary>
    public bool Overlaps(ListenAddress other) =>
        Port != 0 && Port == other.Port
        && (Address is null || other.Address is null || Address.Equals(other.Address));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
