using Platform.TenantShard.Files.Forms;
using Platform.TenantShard.Http;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Records;

/// <summary>A delete in a transaction with others.</summary>
internal sealed class PreparedDelete : IRecordWrite
{
    private readonly RemoveRecord _command;

    /// <exception cref="Errors.ApiException">It is refused without a look at the record.</exception>
    public PreparedDelete(ApiContext context)
    {
        var collection = context.FindCollection(context.Values.First);
        RecordEndpoints.RefuseView(collection);
        Plan = CollectionPlan.For(collection);
        RecordId = context.Values.Second;
        _command = new RemoveRecord(
            collection, RecordId, RuleAccess.Require(context, collection, collection.DeleteRule));
    }

    public CollectionPlan Plan { get; }

    public string RecordId { get; }

    public IReadOnlyList<UploadedFile> Uploads => [];

    public bool IsRefused => false;

    public RecordValues? Run(WriteScope scope)
    {
        _command.Execute(scope);
        return null;
    }
}
