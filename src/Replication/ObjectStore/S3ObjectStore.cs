using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Amazon.S3.Model;
using Platform.Replication.ObjectStore.S3;

namespace Platform.Replication.ObjectStore;

/// <summary>
/// Object storage on an S3 server. The server must honour <c>If-None-Match: *</c> on PUT, which
/// <see cref="ProbeAsync"/> checks. Faults that may pass are repeated a few times (see
/// <see cref="S3ObjectStoreOptions.RetriesMax"/>), each attempt within its timeout; then they are thrown as transient.
/// </summary>
public sealed class S3ObjectStore : IObjectStore, IDisposable
{
    /// <summary>The most that one request lists or deletes: the limit of S3.</summary>
    private const int KeysPerRequest = 1000;

    /// <summary>What S3's limit of 1,024 bytes leaves beside the longest key and a slash.</summary>
    private const int PrefixBytesMax = 255;

    private readonly S3ObjectStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly S3Clients _clients;
    private readonly S3Creation _creation;
    private readonly string _prefix;

    public S3ObjectStore(S3ObjectStoreOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.Bucket);
        ArgumentOutOfRangeException.ThrowIfNegative(options.RetriesMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RequestsMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BytesPerSecondMin, 1);
        if ((options.AccessKey is null) != (options.SecretKey is null))
        {
            throw new ArgumentException("Access key and secret key are given together or not at all.", nameof(options));
        }

        if (options.Endpoint is { } endpoint && (!endpoint.IsAbsoluteUri || endpoint.UserInfo.Length > 0))
        {
            throw new ArgumentException("The endpoint is an absolute URL without credentials.", nameof(options));
        }

        var prefix = options.Prefix.Trim('/');
        ObjectKey.ValidatePrefix(prefix);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            Encoding.UTF8.GetByteCount(prefix), PrefixBytesMax, nameof(options));
        _prefix = prefix.Length == 0 ? "" : prefix + "/";
        _options = options;
        _time = time;
        _clients = new S3Clients(options, time);
        _creation = new S3Creation(_clients, options.Bucket, options.RetriesMax, time);
    }

    /// <inheritdoc/>
    public ReplicaLayout Layout => ReplicaLayout.S3;

    /// <inheritdoc/>
    public string Description => _options.ToString();

    /// <summary>
    /// To be called at start: checks that the bucket is reachable, that the credentials suffice, and that the server
    /// refuses to create an object twice, without which two owners of a tenant could both write. Throws an
    /// <see cref="ObjectStoreException"/> that says what is wrong. Leaves nothing behind.
    /// </summary>
    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        var key = "platform-probe/" + RandomNumberGenerator.GetHexString(16, lowercase: true);
        byte[] content = [1];
        var isFirst = await CreateAsync(key, content, _time.GetUtcNow(), cancellationToken);
        bool isEnforced;
        try
        {
            var isSecond = await CreateAsync(key, new byte[] { 2 }, _time.GetUtcNow(), cancellationToken);
            var stored = await GetAsync(key, content.Length, cancellationToken);
            isEnforced = isFirst && !isSecond && content.AsSpan().SequenceEqual(stored);
        }
        finally
        {
            await DeleteAsync([key], cancellationToken);
        }

        if (!isEnforced)
        {
            throw new ObjectStoreException(
                "probe",
                key,
                isTransient: false,
                "The server accepts a second create of one object: it does not honour conditional writes "
                + "(If-None-Match: *), so it cannot keep two owners of a tenant apart. Use a server that does.");
        }
    }

    /// <inheritdoc/>
    public Task<bool> CreateAsync(
        string key, ReadOnlyMemory<byte> content, DateTimeOffset timestamp, CancellationToken cancellationToken) =>
        CreateAsync(key, () => S3Creation.Open(content), timestamp, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> CreateFromFileAsync(
        string key, string path, DateTimeOffset timestamp, CancellationToken cancellationToken)
    {
        S3Creation.RequireOneRequest(key, new FileInfo(path).Length);
        return CreateAsync(key, () => S3Creation.Open(path), timestamp, cancellationToken);
    }

    /// <inheritdoc/>
    public Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var request = S3Creation.PutRequest(_options.Bucket, FullKey(key), S3Creation.Open(content));
        return GuardAsync(
            "put", key, () => _clients.Repeating.PutObjectAsync(request, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<byte[]?> GetAsync(string key, long bytesMax, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytesMax);
        using var response = await TryGetAsync("get", key, null, cancellationToken);
        if (response is null)
        {
            return null;
        }

        if (response.ContentLength > bytesMax)
        {
            throw new ObjectStoreException(
                "get", key, false, $"The object has {response.ContentLength} bytes; at most {bytesMax} were expected.");
        }

        var content = new byte[response.ContentLength];
        await using var body = new S3BodyStream(response, key, _options.AttemptTimeout, _time);
        var read = await body.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken);
        return read == content.Length
            ? content
            : throw new ObjectStoreException("get", key, true, "The connection to the server broke.");
    }

    /// <inheritdoc/>
    public async Task<Stream?> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        if (length == 0)
        {
            return await ExistsAsync(key, cancellationToken) ? Stream.Null : null;
        }

        var isWhole = offset == 0 && length is null;
        var end = length is null || length > long.MaxValue - offset ? "" : $"{offset + length - 1}";
        try
        {
            var range = isWhole ? null : new ByteRange($"bytes={offset}-{end}");
            var response = await TryGetAsync("open", key, range, cancellationToken);
            if (response is null)
            {
                return null;
            }

            if (!isWhole && response.HttpStatusCode != HttpStatusCode.PartialContent)
            {
                response.Dispose();
                throw new ObjectStoreException("open", key, false, "The server does not support range requests.");
            }

            return new S3BodyStream(response, key, _options.AttemptTimeout, _time);
        }
        catch (ObjectStoreException fault) when (S3Fault.IsRangeBehindEnd(fault.InnerException!))
        {
            return Stream.Null;
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectEntry> ListAsync(
        string prefix, string? startAfter, CancellationToken cancellationToken)
    {
        ObjectKey.ValidatePrefix(prefix);
        return ListPagesAsync(prefix, startAfter, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        string[] fullKeys = [.. keys.Select(FullKey)];
        foreach (var batch in fullKeys.Chunk(KeysPerRequest))
        {
            var request = new DeleteObjectsRequest
            {
                BucketName = _options.Bucket,
                Objects = [.. batch.Select(key => new KeyVersion { Key = key })],
                Quiet = true,
            };
            await GuardAsync(
                "delete",
                batch[0][_prefix.Length..],
                () => _clients.Repeating.DeleteObjectsAsync(request, cancellationToken),
                cancellationToken);
        }
    }

    /// <summary>Closes the connections. Operations and streams must have ended.</summary>
    public void Dispose() => _clients.Dispose();

    private Task<bool> CreateAsync(
        string key, Func<Stream> open, DateTimeOffset timestamp, CancellationToken cancellationToken)
    {
        var fullKey = FullKey(key);
        return GuardAsync(
            "create", key, () => _creation.CreateAsync(fullKey, open, timestamp, cancellationToken), cancellationToken);
    }

    private async IAsyncEnumerable<ObjectEntry> ListPagesAsync(
        string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request
        {
            BucketName = _options.Bucket,
            Prefix = _prefix + prefix,
            StartAfter = string.IsNullOrEmpty(startAfter) ? null : _prefix + startAfter,
            MaxKeys = KeysPerRequest,
        };
        var previous = "";
        ListObjectsV2Response page;
        do
        {
            page = await GuardAsync(
                "list",
                prefix,
                () => _clients.Repeating.ListObjectsV2Async(request, cancellationToken),
                cancellationToken);
            foreach (var found in page.S3Objects ?? [])
            {
                var key = found.Key[_prefix.Length..];
                if (ObjectKey.Compare(key, previous) <= 0)
                {
                    throw new ObjectStoreException(
                        "list", prefix, false, "The server does not list keys in their order, which restoring needs.");
                }

                previous = key;
                yield return new ObjectEntry(key, found.Size ?? 0, found.LastModified ?? DateTime.UnixEpoch);
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    private async Task<bool> ExistsAsync(string key, CancellationToken cancellationToken)
    {
        var request = new GetObjectMetadataRequest { BucketName = _options.Bucket, Key = FullKey(key) };
        try
        {
            await _clients.Repeating.GetObjectMetadataAsync(request, cancellationToken);
            return true;
        }
        catch (Exception fault) when (S3Fault.IsFault(fault, cancellationToken))
        {
            return S3Fault.IsMissingObject(fault) ? false : throw S3Fault.From("open", key, fault);
        }
    }

    private async Task<GetObjectResponse?> TryGetAsync(
        string operation, string key, ByteRange? range, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest { BucketName = _options.Bucket, Key = FullKey(key), ByteRange = range };
        try
        {
            return await _clients.Repeating.GetObjectAsync(request, cancellationToken);
        }
        catch (Exception fault) when (S3Fault.IsFault(fault, cancellationToken))
        {
            return S3Fault.IsMissingObject(fault) ? null : throw S3Fault.From(operation, key, fault);
        }
    }

    private static async Task<TResult> GuardAsync<TResult>(
        string operation, string key, Func<Task<TResult>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception fault) when (S3Fault.IsFault(fault, cancellationToken))
        {
            throw S3Fault.From(operation, key, fault);
        }
    }

    private string FullKey(string key)
    {
        ObjectKey.Validate(key);
        return _prefix + key;
    }
}
