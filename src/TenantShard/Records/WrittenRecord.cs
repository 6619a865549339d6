using Platform.TenantShard.Http;

namespace Platform.TenantShard.Records;

/// <summary>Answers a create or update with the record as it was written.</summary>
internal static class WrittenRecord
{
    public static async Task SendAsync(ApiContext context, CollectionPlan plan, RecordValues values)
    {
        var view = RecordView.Read(context, plan.Collection);
        var buffer = JsonBufferPool.Rent();
        try
        {
            await WriteAsync(context, plan, values, view, buffer);
            await context.SendAsync(200, buffer);
        }
        finally
        {
            JsonBufferPool.Return(buffer);
        }
    }

    /// <summary>Writes the record as the request wants to see it.</summary>
    public static async ValueTask WriteAsync(
        ApiContext context, CollectionPlan plan, RecordValues values, RecordView view, JsonBuffer buffer)
    {
        if (view.IsPlain && !context.EmailAccessTo(plan.Collection).AsksRows)
            RecordReader.Write(context, plan, values, buffer.Writer);
        else await ReadAgainAsync(context, plan, values, view, buffer);
    }

    /// <summary>
    /// Expands need the database. The record itself may have been changed or deleted meanwhile, by a later request of its
    /// batch or by others.
    /// </summary>
    private static async Task ReadAgainAsync(
        ApiContext context, CollectionPlan plan, RecordValues values, RecordView view, JsonBuffer buffer)
    {
        var query = new RecordQuery(context, plan.Collection, values.Text(plan.IdColumn), null, view, buffer)
        {
            State = values,
        };
        await context.Shard.ReadAsync(query, static (scope, query) => query.Write(scope), context.Aborted);
    }
}
