using System.Net;

namespace Platform.Replication.ObjectStore;

/// <summary>Where an <see cref="S3ObjectStore"/> keeps its objects, and its limits.</summary>
public sealed record S3ObjectStoreOptions
{
    /// <summary>
    /// The server, such as <c>https://s3.example.org</c>; null for AWS itself in <see cref="Region"/>.
    /// </summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The region that requests are signed for. Servers other than AWS mostly want <c>us-east-1</c>.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>The bucket. It must exist.</summary>
    public required string Bucket { get; init; }

    /// <summary>Put before every key, with a <c>/</c> between. Empty for none.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>
    /// Access key; null together with <see cref="SecretKey"/> for those of the environment or the machine.
    /// </summary>
    public string? AccessKey { get; init; }

    /// <summary>Secret key.</summary>
    public string? SecretKey { get; init; }

    /// <summary>The bucket in the path instead of the host name: nearly every server but AWS needs it.</summary>
    public bool PathStyle { get; init; } = true;

    /// <summary>
    /// How long one attempt of a small request may take, and how long a download may make no progress.
    /// </summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Slowest acceptable transfer: large objects get their size divided by it on top of the timeout.
    /// </summary>
    public int BytesPerSecondMin { get; init; } = 1024 * 1024;

    /// <summary>Further attempts after a fault that may pass, with jittered exponential delays between them.</summary>
    public int RetriesMax { get; init; } = 2;

    /// <summary>
    /// Requests that are under way at once; further ones wait, and their timeout does not run meanwhile.
    /// </summary>
    public int RequestsMax { get; init; } = 64;

    /// <summary>Connections to the server, those of open downloads included.</summary>
    public int ConnectionsMax { get; init; } = 256;

    /// <summary>
    /// Makes the connections, for servers that only some addresses of which may be reached; null for the usual way.
    /// </summary>
    public Func<DnsEndPoint, CancellationToken, ValueTask<Stream>>? Connect { get; init; }

    /// <summary>Never prints the keys.</summary>
    public override string ToString() => $"s3 bucket '{Bucket}' prefix '{Prefix}' at {Endpoint?.ToString() ?? Region}";
}
