using Platform.TenantShard.Events;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Realtime;

/// <summary>
/// What an event shows, and what its rule is tested against: the record as the change has left it, of a delete as it
/// was before. Mostly that is the row as it is now, which costs less to ask.
/// </summary>
internal static class EventState
{
    /// <summary>The values to show; null when those of the row are the same.</summary>
    /// <exception cref="SchemaChangedException">
    /// A deleted record of a collection that has changed meanwhile: nobody can say any more who saw it.
    /// </exception>
    public static RecordValues? Of(ReadScope scope, RecordEvent change)
    {
        var plan = change.Plan;
        if (scope.Schema.FindById(plan.Collection.Id) is not { } collection) return null;
        if (!ReferenceEquals(collection, plan.Collection))
        {
            // The columns are others now, so that values cannot be put back: the row tells as much as there is.
            return change.After is null ? throw new SchemaChangedException() : null;
        }

        if (change.After is not { } after) return change.Before;
        using var row = scope.Connection.Prepare(plan.Full.ViewSql);
        row.BindText(1, change.RecordId);
        return row.Step() && IsSame(plan, plan.ReadRow(row), after) ? null : after;
    }

    private static bool IsSame(CollectionPlan plan, RecordValues left, RecordValues right)
    {
        for (var column = 0; column < plan.Codecs.Length; column++)
            if (!left.HasSame(right, column)) return false;
        return true;
    }
}
