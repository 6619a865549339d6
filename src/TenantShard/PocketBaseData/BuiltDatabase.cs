namespace Platform.TenantShard.PocketBaseData;

/// <summary>A tenant's database that was built from an upload, checkpointed and closed.</summary>
/// <param name="Path">The file.</param>
/// <param name="IsConverted">True when the upload had the layout of before 0.23.</param>
/// <param name="Collections">Collections, without the system's own.</param>
/// <param name="Records">Records of all collections.</param>
internal sealed record BuiltDatabase(string Path, bool IsConverted, int Collections, long Records);
