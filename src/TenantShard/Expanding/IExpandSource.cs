using System.Text.Json;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Projection;

namespace Platform.TenantShard.Expanding;

/// <summary>How rows of a collection are read and shown to the client that asks.</summary>
internal interface IExpandSource
{
    /// <summary><c>SELECT columns FROM "collection"</c>, with the table under its own name and no WHERE.</summary>
    string SelectSql(Collection collection);

    /// <summary>Where a row of <see cref="SelectSql"/> has the field, or -1 when the client may not see it.</summary>
    int ColumnOf(Collection collection, string field);

    /// <summary>Writes a row of <see cref="SelectSql"/> as a JSON object.</summary>
    void Write(Utf8JsonWriter writer, Collection collection, Statement row, FieldProjection? fields);
}
