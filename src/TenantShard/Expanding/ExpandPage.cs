using System.Buffers;
using System.Text.Json;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Projection;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Expanding;

/// <summary>
/// Records of one collection on one level, with the records that they relate to. Use: <see cref="Add"/> each row,
/// <see cref="Load"/> once (one statement for each relation and level, however many records there are), then
/// <see cref="Write(Utf8JsonWriter, int)"/> each record. Not thread safe; lives within one read.
/// </summary>
internal sealed class ExpandPage
{
    private readonly ExpandContext _context;
    private readonly Collection _collection;
    private readonly FieldProjection? _fields;
    private readonly ExpandBranch[] _branches;
    private readonly int _idColumn;
    private readonly ArrayBufferWriter<byte> _json = new();
    private readonly List<(int Start, int Length)> _records = [];

    /// <param name="context">Shared by all levels of the request.</param>
    /// <param name="collection">The collection of the rows.</param>
    /// <param name="plan">What to follow from them.</param>
    /// <param name="fields">What to show of each record; null for all.</param>
    public ExpandPage(ExpandContext context, Collection collection, ExpandPlan plan, FieldProjection? fields)
    {
        _context = context;
        _collection = collection;
        _fields = fields;
        _idColumn = context.Source.ColumnOf(collection, "id");
        var expand = fields?.Child("expand");
        _branches = fields is null || fields.Includes("expand")
            ? [.. plan.Nodes.Where(node => expand is null || expand.Includes(node.Key)).Select(MakeBranch)]
            : [];

        ExpandBranch MakeBranch(ExpandNode node) => new(
            node,
            context.Source.ColumnOf(node.IsBack ? node.Target : collection, node.Relation.Name),
            new ExpandPage(context, node.Target, node.Children, expand?.Child(node.Key)));
    }

    public int Count => _records.Count;

    /// <summary>Takes the current row.</summary>
    /// <param name="row">A row of <see cref="IExpandSource.SelectSql"/>.</param>
    public void Add(Statement row)
    {
        var start = _json.WrittenCount;
        _context.Writer.Reset(_json);
        _context.Source.Write(_context.Writer, _collection, row, _fields);
        _context.Writer.Flush();
        _records.Add((start, _json.WrittenCount - start));
        _context.CountBytes(_json.WrittenCount - start);
        foreach (var branch in _branches) branch.AddParent(row, _idColumn);
    }

    /// <summary>Reads the related records of all rows, level by level.</summary>
    public void Load(ReadScope scope)
    {
        foreach (var branch in _branches) branch.Load(scope, _context);
    }

    /// <summary>Writes a record with its <c>expand</c> member, which is left out when it would be empty.</summary>
    public void Write(Utf8JsonWriter writer, int record)
    {
        if (_branches.Length == 0)
        {
            writer.WriteRawValue(Json(record), skipInputValidation: true);
            return;
        }

        var whole = new ArrayBufferWriter<byte>();
        Write(whole, record);
        writer.WriteRawValue(whole.WrittenSpan, skipInputValidation: true);
    }

    internal void Write(ArrayBufferWriter<byte> target, int record)
    {
        var open = Json(record)[..^1];
        _context.CountBytes(open.Length);
        target.Write(open);
        var isFirst = true;
        foreach (var branch in _branches)
        {
            if (!branch.HasRelated(record)) continue;
            if (isFirst) target.Write(open.Length > 1 ? ",\"expand\":{"u8 : "\"expand\":{"u8);
            else target.Write(","u8);
            isFirst = false;
            branch.Write(target, record, _context);
        }

        target.Write(isFirst ? "}"u8 : "}}"u8);
    }

    private ReadOnlySpan<byte> Json(int record) =>
        _json.WrittenSpan.Slice(_records[record].Start, _records[record].Length);
}
