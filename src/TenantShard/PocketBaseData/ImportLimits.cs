namespace Platform.TenantShard.PocketBaseData;

/// <summary>What an upload may ask of a node.</summary>
public sealed record ImportLimits
{
    /// <summary>Largest upload, in bytes: so much local disk it takes.</summary>
    public long UploadBytesMax { get; init; } = 4L << 30;

    /// <summary>Most entries of the zip; each takes about half a kilobyte of memory while the import runs.</summary>
    public int EntriesMax { get; init; } = 200_000;

    /// <summary>How many times larger than the upload its content may be. Deflate reaches about 1000 on zeros.</summary>
    public int RatioMax { get; init; } = 100;
}
