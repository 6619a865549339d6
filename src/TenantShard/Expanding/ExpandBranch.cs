using System.Buffers;
using System.Text.Json;
using Platform.TenantShard.Database;
using Platform.TenantShard.Filters.Sql;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Expanding;

/// <summary>One relation of a page: which related records each record has, by their place in the next page.</summary>
/// <param name="node">The relation.</param>
/// <param name="column">The relation's column: of the page's rows or, of a back relation, of the related rows.</param>
/// <param name="related">The page of the related records.</param>
internal sealed class ExpandBranch(ExpandNode node, int column, ExpandPage related)
{
    private static readonly int[] None = [];

    /// <summary>For each record of the page, the ids that it relates to; of a back relation, its own id.</summary>
    private readonly List<IReadOnlyList<string>> _keys = [];

    private readonly Dictionary<string, List<int>> _found = new(StringComparer.Ordinal);
    private readonly JsonEncodedText _name = JsonEncodedText.Encode(node.Key);

    /// <summary>Takes what the row relates to.</summary>
    public void AddParent(Statement row, int idColumn) =>
        _keys.Add(node.IsBack ? [row.Text(idColumn)] : RelationIds.Read(row, column));

    public bool HasRelated(int record) => Related(record).Any();

    /// <summary>Reads all related records with one statement, and then theirs.</summary>
    public void Load(ReadScope scope, ExpandContext context)
    {
        var keys = _keys.SelectMany(ids => ids).ToHashSet(StringComparer.Ordinal);
        if (keys.Count == 0 || column < 0) return;
        var rule = context.ViewRule(scope.Schema, node.Target, out var isVisible);
        if (!isVisible) return;
        var sql = $"{context.Source.SelectSql(node.Target)} WHERE {Condition()}";
        if (rule is not null) sql = $"{sql} AND ({rule.Where})";
        using (var rows = scope.Connection.Prepare(sql))
        {
            rows.BindText(1, JsonSerializer.Serialize(keys));
            for (var i = 0; i < rule?.Parameters.Count; i++) rows.Bind(i + 2, rule.Parameters[i]);
            Take(rows, keys, context);
        }

        related.Load(scope);
    }

    public void Write(ArrayBufferWriter<byte> target, int record, ExpandContext context)
    {
        target.Write("\""u8);
        target.Write(_name.EncodedUtf8Bytes);
        target.Write("\":"u8);
        if (node.IsList) target.Write("["u8);
        var isFirst = true;
        foreach (var place in Related(record))
        {
            if (!isFirst) target.Write(","u8);
            isFirst = false;
            context.CountWritten();
            related.Write(target, place);
            if (!node.IsList) break;
        }

        if (node.IsList) target.Write("]"u8);
    }

    private IEnumerable<int> Related(int record) =>
        _keys[record].SelectMany(key => _found.TryGetValue(key, out var places) ? (IReadOnlyList<int>)places : None);

    private string Condition()
    {
        const string keys = "(SELECT \"value\" FROM json_each(?))";
        if (!node.IsBack) return $"{SqlFragment.Column(node.Target.Name, "id").Text} IN {keys}";
        var relation = SqlFragment.Column(node.Target.Name, node.Relation.Name);
        return node.Relation.IsMultiple
            ? $"EXISTS (SELECT 1 FROM {JsonSql.Each(relation).Text} AS \"v:1\" WHERE \"v:1\".\"value\" IN {keys})"
            : $"{relation.Text} IN {keys}";
    }

    private void Take(Statement rows, HashSet<string> keys, ExpandContext context)
    {
        var idColumn = context.Source.ColumnOf(node.Target, "id");
        while (rows.Step())
        {
            context.RequireFew(related.Count + 1);
            var isUsed = false;
            foreach (var key in node.IsBack ? RelationIds.Read(rows, column) : [rows.Text(idColumn)])
            {
                if (!keys.Contains(key)) continue;
                if (!_found.TryGetValue(key, out var places)) _found.Add(key, places = []);
                if (node.IsBack && places.Count >= context.Limits.BackRelationsMax) continue;
                places.Add(related.Count);
                isUsed = true;
            }

            if (isUsed) related.Add(rows);
        }
    }
}
