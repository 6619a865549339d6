using Amazon.Runtime;

namespace Platform.TenantShard.Net;

/// <summary>Lets an S3 client of a tenant's settings connect only to where the node lets tenants connect.</summary>
internal sealed class OutboundS3Transport(OutboundPolicy outbound) : HttpClientFactory, IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectCallback = async (context, cancellationToken) =>
            await outbound.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken),
    })
    {
        MaxResponseContentBufferSize = 1 << 20,
    };

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => _client.Dispose();
}
