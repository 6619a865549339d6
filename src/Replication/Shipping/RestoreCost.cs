using Platform.Replication.Restoring;

namespace Platform.Replication.Shipping;

/// <summary>What a restore has to download and apply after the snapshot that it starts with.</summary>
/// <param name="Files">Files, of any level.</param>
/// <param name="Bytes">Their size.</param>
public readonly record struct RestoreCost(int Files, long Bytes)
{
    /// <summary>The cost with one more file.</summary>
    internal RestoreCost Add(long bytes) => new(Files + 1, Bytes + bytes);

    /// <summary>What was added since <paramref name="before"/>.</summary>
    internal RestoreCost Since(RestoreCost before) => new(Files - before.Files, Bytes - before.Bytes);

    /// <summary>The cost of the newest state as a replica's files are now.</summary>
    internal static RestoreCost Of(IReadOnlyList<ListedFile> listed)
    {
        var plan = RestorePlan.ToLatest(listed.Select(file => file.File));
        var chosen = plan.Files.Skip(1).ToHashSet();
        return new RestoreCost(
            chosen.Count, listed.Where(file => chosen.Contains(file.File)).Sum(file => file.Bytes));
    }
}
