namespace Platform.Cluster.Configuration.Options;

/// <summary>An S3 bucket (<c>platform.object-store.s3</c>). Empty texts mean "not set".</summary>
internal sealed record S3Settings
{
    public required Uri? Endpoint { get; init; }

    public required string Region { get; init; }

    public required string Bucket { get; init; }

    public required string Prefix { get; init; }

    public required string AccessKey { get; init; }

    public required string SecretKey { get; init; }

    public required bool PathStyle { get; init; }
}
