using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Files;

/// <summary>
/// Takes removals that are due off the table. A command that writes: an owner of before learns here that it is none, and
/// deletes nothing.
/// </summary>
internal sealed class TakeFileRemovals(DateTimeOffset moment, int countMax) : WriteCommand<List<FileRemoval>>
{
    public override List<FileRemoval> Execute(WriteScope scope) =>
        FileRemovals.TakeDue(scope.Connection, moment, countMax);
}
