using System.Text.Json;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Records;

/// <summary>What a request may see of a record that it may read.</summary>
internal static class RecordReader
{
    /// <summary>The e-mail address is for superusers, the record itself, and whom its flag lets.</summary>
    public static bool SeesEmail(ApiContext context, Collection collection, RecordShape shape, Statement row)
    {
        if (collection.Type != CollectionType.Auth || context.IsSuperuser) return true;
        return context.Auth is { } auth
            && auth.Collection.Id == collection.Id
            && row.Utf8(shape.IdColumn).SequenceEqual(System.Text.Encoding.UTF8.GetBytes(auth.RecordId));
    }

    /// <summary>Writes values that were just stored as the object that the client sees.</summary>
    public static void Write(ApiContext context, CollectionPlan plan, RecordValues values, Utf8JsonWriter writer)
    {
        var shape = plan.ShapeFor(context.IsSuperuser);
        var seesEmail = SeesEmail(context, plan.Collection, values.Utf8(plan.IdColumn));
        shape.Write(writer, values, plan.ColumnsFor(context.IsSuperuser), seesEmail);
    }

    private static bool SeesEmail(ApiContext context, Collection collection, ReadOnlySpan<byte> id)
    {
        if (collection.Type != CollectionType.Auth || context.IsSuperuser) return true;
        return context.Auth is { } auth
            && auth.Collection.Id == collection.Id
            && id.SequenceEqual(System.Text.Encoding.UTF8.GetBytes(auth.RecordId));
    }
}
