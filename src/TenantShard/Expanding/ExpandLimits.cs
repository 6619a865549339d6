namespace Platform.TenantShard.Expanding;

/// <summary>Bounds of one <c>expand</c> parameter.</summary>
internal sealed record ExpandLimits
{
    public static ExpandLimits Default { get; } = new();

    /// <summary>Characters of the parameter.</summary>
    public int LengthMax { get; init; } = 2000;

    /// <summary>Paths, separated by commas.</summary>
    public int PathsMax { get; init; } = 50;

    /// <summary>Levels below the record, as in PocketBase. Deeper ones are left out.</summary>
    public int DepthMax { get; init; } = 6;

    /// <summary>Most records that one record gets through one back relation, as in PocketBase.</summary>
    public int BackRelationsMax { get; init; } = 1000;

    /// <summary>
    /// Records written into one answer. A record that many others point to is written with each of them, so this and
    /// not the number of rows read is what bounds the answer.
    /// </summary>
    public int RecordsMax { get; init; } = 100_000;

    /// <summary>Bytes of JSON of these records, as they are read and as they are written.</summary>
    public long BytesMax { get; init; } = 64 << 20;
}
