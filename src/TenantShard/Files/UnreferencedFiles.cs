using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Files;

/// <summary>
/// Finds which of some files no record names. A command and not a query: its answer comes when all writes before it
/// are durable, so that no crash brings back a record whose files are gone.
/// </summary>
internal sealed class UnreferencedFiles(FileStorage storage, IReadOnlyCollection<FileReference> files)
    : WriteCommand<HashSet<FileReference>>
{
    public override HashSet<FileReference> Execute(WriteScope scope) => Find(scope, storage, files);

    public static HashSet<FileReference> Find(
        WriteScope scope, FileStorage storage, IReadOnlyCollection<FileReference> files)
    {
        var unreferenced = new HashSet<FileReference>();
        foreach (var record in files.GroupBy(static file => (file.CollectionId, file.RecordId)))
        {
            var names = RecordFiles.ReadNames(scope.Connection, scope.Schema, record.Key.CollectionId, record.Key.RecordId);
            foreach (var file in record)
                if (!names.Contains(file.Name) && !storage.IsHeld(file)) unreferenced.Add(file);
        }

        return unreferenced;
    }
}
