namespace Platform.Cluster.Configuration.Options;

/// <summary>Imports of PocketBase data (<c>platform.import</c>).</summary>
internal sealed record ImportOptions
{
    public required long BytesMax { get; init; }

    public required int EntriesMax { get; init; }

    public required int RatioMax { get; init; }
}
