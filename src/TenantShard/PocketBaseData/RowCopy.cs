using System.Text;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Collections.Tables;

namespace Platform.TenantShard.PocketBaseData;

/// <summary>
/// The SQL that copies the rows of a collection. Tables of apps that have lived long hold what older versions wrote:
/// NULL where the column has a default now, lists in columns of single values. Each value becomes what the field's
/// column holds; the order of rows stays.
/// </summary>
internal static class RowCopy
{
    /// <summary>The name under which the uploaded database is attached.</summary>
    public const string SourceSchema = "uploaded";

    public static string Sql(SourceCollection source)
    {
        var columns = new StringBuilder();
        var values = new StringBuilder();
        foreach (var field in source.Collection.Fields)
        {
            var separator = columns.Length == 0 ? "" : ", ";
            columns.Append(separator).Append(SqlName.Quote(field.Name));
            var column = source.Expressions.GetValueOrDefault(field.Name) ?? SqlName.Quote(field.Name);
            values.Append(separator).Append(Expression(field, column));
        }

        return $"INSERT INTO main.{SqlName.Quote(source.Collection.Name)} ({columns}) SELECT {values} "
            + $"FROM {SourceSchema}.{SqlName.Quote(source.Table!)} ORDER BY rowid";
    }

    private static string Expression(Field field, string column)
    {
        var text = $"CAST({column} AS TEXT)";
        return field switch
        {
            TextField { IsPrimaryKey: true } => text,
            NumberField => $"coalesce(CAST({column} AS NUMERIC), 0)",
            BoolField => $"coalesce({column} IN (1, '1', 'true', 'TRUE', 't', 'T'), 0)",
            JsonField => $"CASE typeof({column}) WHEN 'blob' THEN {text} ELSE {column} END",
            GeoPointField => $$"""
                CASE WHEN json_valid({{text}}) THEN
                CASE json_type({{text}}) WHEN 'object' THEN {{text}} ELSE '{"lon":0,"lat":0}' END
                ELSE '{"lon":0,"lat":0}' END
                """,
            { IsMultiple: true } => $"""
                CASE WHEN coalesce({text}, '') = '' THEN '[]' WHEN NOT json_valid({text}) THEN json_array({text})
                ELSE CASE json_type({text}) WHEN 'array' THEN {text} WHEN 'null' THEN '[]' ELSE json_array({text}) END
                END
                """,
            SelectField or FileField or RelationField => $"""
                coalesce(CASE WHEN substr({text}, 1, 1) <> '[' THEN {text} WHEN NOT json_valid({text}) THEN {text}
                ELSE json_extract({text}, '$[#-1]') END, '')
                """,
            _ => $"coalesce({text}, '')",
        };
    }
}
