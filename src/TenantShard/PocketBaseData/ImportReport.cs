namespace Platform.TenantShard.PocketBaseData;

/// <summary>What became of an upload.</summary>
public sealed record ImportReport
{
    /// <summary>True when the data had the layout of PocketBase before 0.23 and was converted.</summary>
    public required bool IsConverted { get; init; }

    /// <summary>Collections, without the system's own.</summary>
    public required int Collections { get; init; }

    /// <summary>Records of all collections, the system's included.</summary>
    public required long Records { get; init; }

    /// <summary>Files that records name.</summary>
    public required long Files { get; init; }

    /// <summary>Their size, in bytes.</summary>
    public required long FileBytes { get; init; }

    /// <summary>The size of the tenant's database, in bytes.</summary>
    public required long DatabaseBytes { get; init; }

    /// <summary>What was left out or changed, in sentences.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
