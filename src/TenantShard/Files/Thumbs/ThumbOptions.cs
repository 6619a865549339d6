namespace Platform.TenantShard.Files.Thumbs;

/// <summary>Limits of a node's thumbnails. Beyond them the original is shown.</summary>
public sealed record ThumbOptions
{
    /// <summary>Pictures that are decoded at the same time; 0 = half of the cores, at most 4.</summary>
    public int ConcurrencyMax { get; init; }

    /// <summary>Thumbnails that may wait to be made.</summary>
    public int WaitingMax { get; init; } = 64;

    /// <summary>Pixels of a picture, each four bytes of memory.</summary>
    public long PixelsMax { get; init; } = 40_000_000;

    /// <summary>Largest file of a picture, in bytes.</summary>
    public long FileBytesMax { get; init; } = 32 << 20;
}
