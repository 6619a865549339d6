using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Database;
using Platform.TenantShard.Events;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Records;

/// <summary>
/// Rows of collections that the platform's own statements write: whoever listens for records hears of them as of any
/// other. Nothing is read while nobody listens.
/// </summary>
internal static class ObservedRows
{
    /// <summary>Tells of a row that was just inserted.</summary>
    public static void Created(WriteScope scope, string collection, string id)
    {
        if (PlanOf(scope, collection) is { } plan && Read(scope, plan, id) is { } values)
            scope.Changed(RecordEvent.Created(plan, values));
    }

    /// <summary>The row before an update, for <see cref="Updated"/>; null while nobody listens.</summary>
    public static RecordValues? Before(WriteScope scope, CollectionPlan plan, string id) =>
        scope.IsObserved ? Read(scope, plan, id) : null;

    /// <summary>Tells of a row that was just updated.</summary>
    public static void Updated(WriteScope scope, CollectionPlan plan, string id, RecordValues? before)
    {
        if (before is not null && Read(scope, plan, id) is { } after)
            scope.Changed(RecordEvent.Updated(plan, before, after));
    }

    /// <summary>Deletes rows of a collection and tells of each.</summary>
    /// <param name="scope">The command's.</param>
    /// <param name="collection">Its name.</param>
    /// <param name="where">A condition with the parameters <c>?1</c> and on.</param>
    /// <param name="parameters">Their values.</param>
    /// <returns>How many there were.</returns>
    public static int Delete(
        WriteScope scope, string collection, string where, params ReadOnlySpan<string> parameters)
    {
        if (PlanOf(scope, collection) is { } plan)
        {
            using var rows = scope.Connection.Prepare($"{plan.Full.SelectSql} WHERE {where}");
            Bind(rows, parameters);
            while (rows.Step()) scope.Changed(RecordEvent.Deleted(plan, plan.ReadRow(rows)));
        }

        using var delete = scope.Connection.Prepare($"DELETE FROM {SqlName.Quote(collection)} WHERE {where}");
        Bind(delete, parameters);
        delete.Run();
        return scope.Connection.Changes;
    }

    private static void Bind(Statement statement, ReadOnlySpan<string> parameters)
    {
        for (var index = 0; index < parameters.Length; index++) statement.BindText(index + 1, parameters[index]);
    }

    private static CollectionPlan? PlanOf(WriteScope scope, string collection) =>
        scope.IsObserved && scope.Schema.FindByName(collection) is { } found ? CollectionPlan.For(found) : null;

    private static RecordValues? Read(WriteScope scope, CollectionPlan plan, string id)
    {
        using var row = scope.Connection.Prepare(plan.Full.ViewSql);
        row.BindText(1, id);
        return row.Step() ? plan.ReadRow(row) : null;
    }
}
