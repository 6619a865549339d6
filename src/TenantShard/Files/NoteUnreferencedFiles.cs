using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Files;

/// <summary>
/// Notes a removal for each of some files that no record names and no removal knows: what a crash left, or a rewind.
/// </summary>
internal sealed class NoteUnreferencedFiles(FileStorage storage, IReadOnlyCollection<FileReference> files)
    : WriteCommand<int>
{
    public override int Execute(WriteScope scope)
    {
        var noted = 0;
        foreach (var file in UnreferencedFiles.Find(scope, storage, files))
        {
            if (FileRemovals.Knows(scope.Connection, file)) continue;
            scope.RemoveFiles(FileKeys.FolderOf(file.CollectionId, file.RecordId), file.Name);
            noted++;
        }

        return noted;
    }
}
