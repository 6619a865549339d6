namespace Platform.TenantShard.Database;

/// <summary>The storage class of a result value (https://sqlite.org/datatype3.html), with SQLite's own numbers.</summary>
internal enum ColumnType
{
    Integer = 1,
    Real = 2,
    Text = 3,
    Blob = 4,
    Null = 5,
}
