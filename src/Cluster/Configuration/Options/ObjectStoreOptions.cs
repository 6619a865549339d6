namespace Platform.Cluster.Configuration.Options;

/// <summary>Object storage (<c>platform.object-store</c>).</summary>
internal sealed record ObjectStoreOptions
{
    public required ObjectStoreKind Kind { get; init; }

    /// <summary>Absolute; used when <see cref="Kind"/> is a folder.</summary>
    public required string Folder { get; init; }

    public required S3Settings S3 { get; init; }
}
