using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace Platform.Replication.ObjectStore.S3;

/// <summary>
/// Create-only writes: <c>PUT</c> with <c>If-None-Match: *</c>. An answer other than success may hide a write of our
/// own that got through, so each call marks its object with a nonce, reads it back when in doubt, and knows its own:
/// two writers with equal content never both win. A call that ends in a transient fault may still have its write stored
/// later; whoever repeats it then gets false and finds the content of its own.
/// </summary>
internal sealed class S3Creation(S3Clients clients, string bucket, int retriesMax, TimeProvider time)
{
    /// <summary>Litestream restores to a moment by this metadata: RFC 3339 in UTC with nanoseconds.</summary>
    public const string TimestampMetadata = "litestream-timestamp";

    private const string NonceMetadata = "platform-nonce";
    private const string TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'";
    private const int NonceHexDigits = 32;
    private const long RequestBytesMax = 5L << 30;
    private const int FileBufferBytes = 128 * 1024;

    /// <summary>Mean delay before the first further attempt, doubled each time; the same order as the SDK's.</summary>
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);

    /// <param name="fullKey">The key, with the store's prefix.</param>
    /// <param name="open">Opens the content, for each attempt anew: the SDK closes what it has sent.</param>
    /// <param name="timestamp">For Litestream.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> CreateAsync(
        string fullKey, Func<Stream> open, DateTimeOffset timestamp, CancellationToken cancellationToken)
    {
        var nonce = RandomNumberGenerator.GetHexString(NonceHexDigits, lowercase: true);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await PutOnceAsync(fullKey, open, timestamp, nonce, cancellationToken);
                return true;
            }
            catch (Exception fault) when (S3Fault.IsFault(fault, cancellationToken) && S3Fault.LeavesCreateOpen(fault))
            {
                var winner = await ReadNonceAsync(fullKey, cancellationToken);
                if (winner is not null)
                {
                    return winner == nonce;
                }

                if (attempt == retriesMax)
                {
                    throw;
                }
            }

            await Task.Delay(Jittered(FirstDelay * (1 << attempt)), time, cancellationToken);
        }
    }

    /// <summary>
    /// Refuses what one request cannot create. Uploads in parts are no way out: servers other than AWS ignore the condition
    /// on the request that completes them, and replace what is there.
    /// </summary>
    /// <exception cref="ObjectStoreException">It is larger than S3 accepts.</exception>
    public static void RequireOneRequest(string key, long bytes)
    {
        if (bytes > RequestBytesMax)
        {
            throw new ObjectStoreException(
                "create", key, isTransient: false,
                $"The object has {bytes} bytes; S3 takes at most {RequestBytesMax} (5 GiB) in one create-only request. "
                + "Make the tenant's database or file smaller, or keep its objects in a folder.");
        }
    }

    /// <summary>Bytes in memory as the content of a request.</summary>
    public static Stream Open(ReadOnlyMemory<byte> content) => MemoryMarshal.TryGetArray(content, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(content.ToArray(), writable: false);

    /// <summary>A file as the content of a request: read twice, for the signature and for the server.</summary>
    public static Stream Open(string path) => new FileStream(
        path,
        new FileStreamOptions
        {
            BufferSize = FileBufferBytes,
            Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
        });

    /// <summary>A request for a plain or conditional write of <paramref name="content"/>.</summary>
    public static PutObjectRequest PutRequest(string bucket, string fullKey, Stream content) => new()
    {
        BucketName = bucket,
        Key = fullKey,
        InputStream = content,
        // One signature over the whole payload: servers other than AWS know it best, and it costs no extra bytes.
        UseChunkEncoding = false,
    };

    private async Task PutOnceAsync(
        string fullKey,
        Func<Stream> open,
        DateTimeOffset timestamp,
        string nonce,
        CancellationToken cancellationToken)
    {
        await using var content = open();
        var request = PutRequest(bucket, fullKey, content);
        request.IfNoneMatch = "*";
        request.Metadata[TimestampMetadata] =
            timestamp.UtcDateTime.ToString(TimestampFormat, CultureInfo.InvariantCulture);
        request.Metadata[NonceMetadata] = nonce;
        await clients.Once.PutObjectAsync(request, cancellationToken);
    }

    /// <summary>Whose object it is: its nonce, empty when it has none, null when there is no object.</summary>
    private async Task<string?> ReadNonceAsync(string fullKey, CancellationToken cancellationToken)
    {
        try
        {
            var request = new GetObjectMetadataRequest { BucketName = bucket, Key = fullKey };
            var found = await clients.Once.GetObjectMetadataAsync(request, cancellationToken);
            return found.Metadata[NonceMetadata] ?? "";
        }
        catch (AmazonS3Exception fault) when (S3Fault.IsMissingObject(fault))
        {
            return null;
        }
    }

    /// <summary>
    /// Between half and one and a half times the mean, so that losers of one moment do not meet again.
    /// </summary>
    private static TimeSpan Jittered(TimeSpan mean) =>
        mean * ((RandomNumberGenerator.GetInt32(0, 1001) / 1000.0) + 0.5);
}
