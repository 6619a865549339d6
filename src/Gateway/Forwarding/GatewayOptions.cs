namespace Platform.Gateway.Forwarding;

/// <summary>The settings under <c>platform.gateway</c>.</summary>
public sealed record GatewayOptions
{
    /// <summary>Tenants answer one label below this host name; empty: only by custom domain, header or token.</summary>
    public string BaseDomain { get; init; } = "localhost";

    /// <summary>
    /// Largest request body of a tenant whose quota says nothing else, in bytes. The default, 32 MiB, is PocketBase's.
    /// </summary>
    public long RequestBodyBytesMax { get; init; } = 32L * 1024 * 1024;
}
