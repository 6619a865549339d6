using Platform.Replication.Maintenance;

namespace Platform.Replication.Compaction;

/// <summary>Files that follow one another and are to become one of a higher level.</summary>
/// <param name="Level">The level of the merged file.</param>
/// <param name="Inputs">What it is made of, oldest first.</param>
internal sealed record Merge(int Level, IReadOnlyList<KnownFile> Inputs);
