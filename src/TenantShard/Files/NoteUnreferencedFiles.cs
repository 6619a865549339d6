using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Files;

/// <summary>
/// Notes a removal for each of some files that no record names and no removal knows: what a crash left, or a rewind.
/// What the others weigh is noted where it is not yet: they are from before there was a ledger.
/// </summary>
/// <param name="storage">For the files that are about to be named.</param>
/// <param name="files">The files with their sizes; null where only a thumbnail was found.</param>
internal sealed class NoteUnreferencedFiles(FileStorage storage, IReadOnlyDictionary<FileReference, long?> files)
    : WriteCommand<int>
{
    public override int Execute(WriteScope scope)
    {
        var noted = 0;
        var unreferenced = UnreferencedFiles.Find(scope, storage, [.. files.Keys]);
        foreach (var (file, size) in files)
        {
            if (size is not { } bytes || unreferenced.Contains(file) || storage.IsHeld(file)) continue;
            FileLedger.Note(scope.Connection, FileKeys.Of(file.CollectionId, file.RecordId, file.Name), bytes);
        }

        foreach (var file in unreferenced)
        {
            if (FileRemovals.Knows(scope.Connection, file)) continue;
            scope.RemoveFiles(FileKeys.FolderOf(file.CollectionId, file.RecordId), file.Name);
            noted++;
        }

        return noted;
    }
}
