namespace Platform.TenantShard.Files;

/// <summary>Files that no record names since a moment.</summary>
/// <param name="Folder">The folder below the tenant's storage: a record's, or a collection's.</param>
/// <param name="Name">One file of a record; <see cref="EveryName"/> for all that the folder had at the moment.</param>
/// <param name="Removed">When the record gave it up.</param>
internal readonly record struct FileRemoval(string Folder, string Name, DateTimeOffset Removed)
{
    public const string EveryName = "";

    /// <summary>
    /// True when this says that the file was named by nothing since then. A folder may have got files of later records.
    /// </summary>
    public bool Covers(FileReference file, DateTimeOffset stored) => Name == EveryName
        ? stored.ToUnixTimeMilliseconds() <= Removed.ToUnixTimeMilliseconds()
        : file.Name == Name;
}
