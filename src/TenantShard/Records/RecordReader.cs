using System.Text.Json;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Records;

/// <summary>Writes records that are in no row.</summary>
internal static class RecordReader
{
    /// <summary>Writes values that were just stored as the object that the client sees.</summary>
    public static void Write(ApiContext context, CollectionPlan plan, RecordValues values, Utf8JsonWriter writer)
    {
        var shape = plan.ShapeFor(context.IsSuperuser);
        var seesEmail = context.EmailAccessTo(plan.Collection).IsSeen(values.Utf8(plan.IdColumn));
        shape.Write(writer, values, plan.ColumnsFor(context.IsSuperuser), seesEmail);
    }
}
