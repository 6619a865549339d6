using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Platform.TenantShard.ClientAddresses;

/// <summary>
/// Which headers of a proxy before the platform say who the client is (<c>settings.trustedProxy</c>). Without any, and
/// without an address in them, the client is whoever holds the connection.
/// </summary>
/// <param name="Headers">Their names; the first one that holds an address is believed.</param>
/// <param name="UsesLeftmost">Of several addresses the first one, which clients can forge, instead of the last.</param>
internal sealed record TrustedProxy(IReadOnlyList<string> Headers, bool UsesLeftmost)
{
    /// <summary>Characters of a header that are looked at: a chain of some dozens of addresses.</summary>
    private const int LengthMax = 2048;

    public static readonly TrustedProxy None = new([], false);

    public static TrustedProxy From(JsonObject section)
    {
        var headers = section["headers"]!.AsArray();
        if (headers.Count == 0) return None;
        return new TrustedProxy(
            [.. headers.Select(static header => header!.GetValue<string>())],
            section["useLeftmostIP"]!.GetValue<bool>());
    }

    public IPAddress? Find(HttpContext http)
    {
        foreach (var name in Headers)
            if (Read(http.Request.Headers[name].ToString()) is { } address) return address;
        return http.Connection.RemoteIpAddress is { } remote ? ClientAddress.Normal(remote) : null;
    }

    private IPAddress? Read(string header)
    {
        if (header.Length is 0 or > LengthMax) return null;
        var rest = header.AsSpan();
        while (true)
        {
            var comma = UsesLeftmost ? rest.IndexOf(',') : rest.LastIndexOf(',');
            var part = comma < 0 ? rest : UsesLeftmost ? rest[..comma] : rest[(comma + 1)..];
            if (IPAddress.TryParse(part.Trim(), out var address)) return ClientAddress.Normal(address);
            if (comma < 0) return null;
            rest = UsesLeftmost ? rest[(comma + 1)..] : rest[..comma];
        }
    }
}
