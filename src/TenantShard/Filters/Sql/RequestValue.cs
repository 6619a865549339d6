namespace Platform.TenantShard.Filters.Sql;

/// <summary>The single values under <c>@request</c>.</summary>
internal enum RequestValue
{
    Method,
    Context,
    AuthId,
    AuthCollectionId,
    AuthCollectionName,
}
