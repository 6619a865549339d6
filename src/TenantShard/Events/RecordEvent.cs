using Platform.TenantShard.Records;

namespace Platform.TenantShard.Events;

/// <summary>A record that a command has created, changed or deleted. The values are shared: nobody may change them.</summary>
/// <param name="Action">What happened.</param>
/// <param name="Plan">Of the collection as it was then; the values' columns are its.</param>
/// <param name="RecordId">The record.</param>
/// <param name="Before">All values before; null for a create.</param>
/// <param name="After">All values after; null for a delete.</param>
internal sealed record RecordEvent(
    RecordAction Action, CollectionPlan Plan, string RecordId, RecordValues? Before, RecordValues? After)
{
    public static RecordEvent Created(CollectionPlan plan, RecordValues values) =>
        new(RecordAction.Create, plan, values.Text(plan.IdColumn), Before: null, values);

    public static RecordEvent Updated(CollectionPlan plan, RecordValues before, RecordValues after) =>
        new(RecordAction.Update, plan, after.Text(plan.IdColumn), before, after);

    public static RecordEvent Deleted(CollectionPlan plan, RecordValues before) =>
        new(RecordAction.Delete, plan, before.Text(plan.IdColumn), before, After: null);
}
