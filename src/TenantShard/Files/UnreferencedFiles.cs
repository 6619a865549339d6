using Platform.TenantShard.Records;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Files;

/// <summary>
/// Finds which of some files no record names. A command and not a query: its answer comes when all writes before it
/// are durable, so that no crash brings back a record whose files are gone.
/// </summary>
internal sealed class UnreferencedFiles(FileStorage storage, IReadOnlyCollection<FileReference> files)
    : WriteCommand<HashSet<FileReference>>
{
    public override HashSet<FileReference> Execute(WriteScope scope)
    {
        var unreferenced = new HashSet<FileReference>();
        foreach (var record in files.GroupBy(static file => (file.CollectionId, file.RecordId)))
        {
            var names = Read(scope, record.Key.CollectionId, record.Key.RecordId);
            foreach (var file in record)
                if (!names.Contains(file.Name) && !storage.IsHeld(file)) unreferenced.Add(file);
        }

        return unreferenced;
    }

    private static HashSet<string> Read(WriteScope scope, string collectionId, string recordId)
    {
        if (scope.Schema.FindById(collectionId) is not { } collection) return [];
        var plan = CollectionPlan.For(collection);
        if (plan.FileColumns.Length == 0) return [];
        using var row = scope.Connection.Prepare(plan.Full.ViewSql);
        row.BindText(1, recordId);
        return row.Step() ? RecordFiles.NamesOf(plan, plan.ReadRow(row)) : [];
    }
}
