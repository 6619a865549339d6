using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace Platform.Replication.ObjectStore.S3;

/// <summary>
/// The two clients of a store over one transport. <see cref="Repeating"/> repeats what may be repeated, by the SDK's
/// standard mode: jittered exponential delays for throttling, 5xx and broken connections, and a common budget that
/// stops repeating when most of it is in vain. <see cref="Once"/> sends a request one time, for conditional creates.
/// </summary>
internal sealed class S3Clients : IDisposable
{
    private readonly S3Transport _transport;

    public S3Clients(S3ObjectStoreOptions options, TimeProvider time)
    {
        _transport = new S3Transport(options, time);
        Repeating = Open(options, options.RetriesMax);
        Once = Open(options, 0);
    }

    public AmazonS3Client Repeating { get; }

    public AmazonS3Client Once { get; }

    public void Dispose()
    {
        Repeating.Dispose();
        Once.Dispose();
        _transport.Dispose();
    }

    private AmazonS3Client Open(S3ObjectStoreOptions options, int retriesMax)
    {
        var config = new AmazonS3Config
        {
            HttpClientFactory = _transport,
            ForcePathStyle = options.PathStyle,
            AuthenticationRegion = options.Region,
            // Servers other than AWS do not know the trailing checksums that the SDK would add; signed payloads
            // protect the content on its way already.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = retriesMax,
            MaxStaleConnectionRetries = Math.Min(retriesMax, 1),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (options.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.ToString();
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }

        return options.AccessKey is null
            ? new AmazonS3Client(config)
            : new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config);
    }
}
