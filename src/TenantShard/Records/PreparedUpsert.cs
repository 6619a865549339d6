using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Files.Forms;
using Platform.TenantShard.Http;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Records;

/// <summary>
/// An update of the record with the id of the body, or its create. Which of them is known only when it runs: what
/// comes before in the same transaction may create or delete the record.
/// </summary>
internal sealed class PreparedUpsert(CollectionPlan plan, string id, IRecordWrite create, IRecordWrite update)
    : IRecordWrite
{
    public CollectionPlan Plan => plan;

    public string RecordId => id;

    public IReadOnlyList<UploadedFile> Uploads => create.Uploads.Count > 0 ? create.Uploads : update.Uploads;

    public bool IsRefused => create.IsRefused && update.IsRefused;

    public RecordValues? Run(WriteScope scope)
    {
        ApiContext.RequireSame(scope.Schema, plan.Collection);
        return Exists(scope) ? update.Run(scope) : create.Run(scope);
    }

    private bool Exists(WriteScope scope)
    {
        using var row = scope.Connection.Prepare(
            $"SELECT 1 FROM {SqlName.Quote(plan.Collection.Name)} WHERE \"id\" = ?1");
        row.BindText(1, id);
        return row.Step();
    }
}
