using Platform.TenantShard.Errors;
using Platform.TenantShard.Files.Forms;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Records;

/// <summary>A write that was refused already; it says so when its turn comes.</summary>
internal sealed class RefusedWrite(ApiException refusal) : IRecordWrite
{
    public CollectionPlan? Plan => null;

    public string RecordId => "";

    public IReadOnlyList<UploadedFile> Uploads => [];

    public bool IsRefused => true;

    // A new exception: each throw has its own trace.
    public RecordValues Run(WriteScope scope) =>
        throw new ApiException(refusal.Status, refusal.Message, refusal.FieldErrors, refusal);
}
