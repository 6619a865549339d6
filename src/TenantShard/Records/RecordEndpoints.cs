using Platform.TenantShard.Collections;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Records;

/// <summary>The routes of records.</summary>
internal static class RecordEndpoints
{
    public static void Map(RouteTable routes)
    {
        ListRecords.Map(routes);
        ViewRecord.Map(routes);
        CreateRecord.Map(routes);
        UpdateRecord.Map(routes);
        DeleteRecord.Map(routes);
    }

    /// <summary>The records of a view are what its query says: they cannot be written.</summary>
    public static void RefuseView(Collection collection)
    {
        if (collection.Type == CollectionType.View) throw ApiException.BadRequest("Unsupported collection type.");
    }
}
