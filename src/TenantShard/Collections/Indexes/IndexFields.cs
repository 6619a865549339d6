using System.Text;
using Platform.TenantShard.Collections.Tables;

namespace Platform.TenantShard.Collections.Indexes;

/// <summary>Makes index statements follow the renames of fields, in columns, expressions and conditions.</summary>
internal static class IndexFields
{
    public static Collection Follow(Collection original, Collection collection)
    {
        var renamed = Renamed(original, collection);
        if (renamed.Count == 0) return collection;
        var followed = new List<string>(collection.Indexes.Count);
        foreach (var text in collection.Indexes) followed.Add(Follow(text, renamed));
        return collection with { Indexes = followed };
    }

    // Old names that no field has any more: a statement that uses one was written before the rename.
    private static Dictionary<string, string> Renamed(Collection original, Collection collection)
    {
        var renamed = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in collection.Fields)
        {
            var old = original.Fields.FirstOrDefault(other => other.Id == field.Id);
            if (old is not null && old.Name != field.Name && collection.FindField(old.Name) is null)
                renamed[old.Name] = field.Name;
        }

        return renamed;
    }

    private static string Follow(string text, Dictionary<string, string> renamed)
    {
        if (IndexDefinition.Parse(text) is not { } definition) return text;
        var columns = new List<IndexColumn>(definition.Columns.Count);
        var isChanged = false;
        foreach (var column in definition.Columns)
        {
            var expression = column.IsName
                ? renamed.GetValueOrDefault(column.Expression, column.Expression)
                : Replace(column.Expression, renamed);
            isChanged |= expression != column.Expression;
            columns.Add(column with { Expression = expression });
        }

        var where = Replace(definition.Where, renamed);
        if (!isChanged && where == definition.Where) return text;
        return (definition with { Columns = columns, Where = where }).ToSql();
    }

    private static string Replace(string sql, Dictionary<string, string> renamed)
    {
        if (sql.Length == 0 || SqlTokenizer.Read(sql) is not { } tokens) return sql;
        var replaced = new StringBuilder();
        var copied = 0;
        for (var index = 0; index < tokens.Count; index++)
        {
            var token = tokens[index];
            var isFunction = index + 1 < tokens.Count && tokens[index + 1].Is('(');
            if (!token.IsName || isFunction || !renamed.TryGetValue(token.Text, out var name)) continue;
            replaced.Append(sql, copied, token.Start - copied).Append(SqlName.Quote(name));
            copied = token.End;
        }

        return replaced.Append(sql, copied, sql.Length - copied).ToString();
    }
}
