using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Auth;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Database;
using Platform.TenantShard.Records.Codecs;

namespace Platform.TenantShard.Records;

/// <summary>
/// What requests for records of one collection need again and again: codecs in column order, names as bytes, and SQL
/// text. Built once for each <see cref="Collection"/> instance, and gone with it: a changed schema has other instances.
/// </summary>
internal sealed class CollectionPlan
{
    /// <summary>Different sets of columns that updates may change before their SQL is no longer kept.</summary>
    private const int UpdatesMax = 64;

    /// <summary>Columns that fit in the mask of an update; collections with more always write all of them.</summary>
    private const int MaskBits = 64;

    /// <summary>Room for the text of a usual record; more is added when needed.</summary>
    private const int UsualTextBytes = 512;

    private static readonly ConditionalWeakTable<Collection, CollectionPlan> Plans = [];

    private readonly ConcurrentDictionary<ulong, string> _updates = new();
    private readonly byte[][] _names;
    private readonly int[] _publicColumns;

    private CollectionPlan(Collection collection)
    {
        Collection = collection;
        Codecs = [.. collection.Fields.Select(FieldCodecs.For)];
        _names = [.. collection.Fields.Select(static field => Encoding.UTF8.GetBytes(field.Name))];
        _publicColumns = ColumnsOf(static codec => !codec.Field.IsHidden && codec is not PasswordCodec);
        SuperuserColumns = ColumnsOf(codec => !IsSecret(collection, codec.Field));
        AllColumns = ColumnsOf(static _ => true);
        Public = ShapeOf(_publicColumns);
        Superuser = ShapeOf(SuperuserColumns);
        Full = ShapeOf(AllColumns);
        IdColumn = Find("id");
        FileColumns = ColumnsOf(static codec => codec is FileCodec);
        Auth = collection.Type == CollectionType.Auth ? AuthOptionsJson.Read(collection.Options) : null;
        InsertSql = BuildInsert();
        DeleteSql = $"DELETE FROM {SqlName.Quote(collection.Name)} WHERE \"id\" = ?1";
    }

    public Collection Collection { get; }

    /// <summary>Null for collections whose records cannot log in.</summary>
    public AuthOptions? Auth { get; }

    /// <summary>One for each column, in the order of the collection's fields.</summary>
    public FieldCodec[] Codecs { get; }

    public int IdColumn { get; }

    /// <summary>Columns of file fields.</summary>
    public int[] FileColumns { get; }

    /// <summary>For guests and records: without hidden fields.</summary>
    public RecordShape Public { get; }

    /// <summary>For superusers: all but secrets.</summary>
    public RecordShape Superuser { get; }

    /// <summary>Every column, for writes.</summary>
    public RecordShape Full { get; }

    /// <summary>All columns; parameters in column order.</summary>
    public string InsertSql { get; }

    /// <summary>The record with the id of parameter 1.</summary>
    public string DeleteSql { get; }

    private int[] SuperuserColumns { get; }

    private int[] AllColumns { get; }

    public static CollectionPlan For(Collection collection) =>
        Plans.GetValue(collection, static collection => new CollectionPlan(collection));

    public RecordShape ShapeFor(bool isSuperuser) => isSuperuser ? Superuser : Public;

    /// <summary>Maps the columns of <see cref="ShapeFor"/> to columns of this plan.</summary>
    public ReadOnlySpan<int> ColumnsFor(bool isSuperuser) => isSuperuser ? SuperuserColumns : _publicColumns;

    /// <summary>The column of that exact name, or -1.</summary>
    public int Find(string name)
    {
        for (var column = 0; column < Codecs.Length; column++)
            if (Codecs[column].Field.Name == name) return column;
        return -1;
    }

    /// <summary>The file field of that exact name, or null.</summary>
    public FileField? FindFile(string name) =>
        Find(name) is >= 0 and var column ? Codecs[column].Field as FileField : null;

    /// <summary>The column that a JSON member names, or -1. Compares bytes: no string is made.</summary>
    public int Find(JsonProperty property)
    {
        for (var column = 0; column < _names.Length; column++)
            if (property.NameEquals(_names[column])) return column;
        return -1;
    }

    public RecordValues NewValues(int textBytes) => new(Codecs.Length, textBytes);

    /// <summary>Copies a row of <see cref="Full"/>.</summary>
    public RecordValues ReadRow(Statement row)
    {
        var values = NewValues(UsualTextBytes);
        for (var column = 0; column < Codecs.Length; column++) values.Set(column, ColumnValue.Read(row, column));
        return values;
    }

    /// <summary>
    /// An UPDATE of the columns in <paramref name="changed"/>: their values in column order, then the id.
    /// </summary>
    public string UpdateSql(ulong changed)
    {
        if (_updates.TryGetValue(changed, out var known)) return known;
        var sql = BuildUpdate(changed);
        if (_updates.Count < UpdatesMax) _updates.TryAdd(changed, sql);
        return sql;
    }

    /// <summary>True when <paramref name="changed"/> names the column.</summary>
    public bool IsChanged(ulong changed, int column) =>
        Codecs.Length > MaskBits || (changed & (1UL << column)) != 0;

    public ulong Mark(ulong changed, int column) =>
        Codecs.Length > MaskBits ? ulong.MaxValue : changed | (1UL << column);

    private static bool IsSecret(Collection collection, Field field) =>
        field is PasswordField || (collection.Type == CollectionType.Auth && field.Name == "tokenKey");

    private int[] ColumnsOf(Func<FieldCodec, bool> isSeen) =>
        [.. Enumerable.Range(0, Codecs.Length).Where(column => isSeen(Codecs[column]))];

    private RecordShape ShapeOf(int[] columns) => new(Collection, [.. columns.Select(column => Codecs[column])]);

    private string BuildInsert()
    {
        var sql = new StringBuilder("INSERT INTO ").Append(SqlName.Quote(Collection.Name)).Append(" (");
        for (var column = 0; column < Codecs.Length; column++)
            sql.Append(column == 0 ? "" : ", ").Append(SqlName.Quote(Codecs[column].Field.Name));
        sql.Append(") VALUES (");
        for (var column = 0; column < Codecs.Length; column++) sql.Append(column == 0 ? "?" : ", ?");
        return sql.Append(')').ToString();
    }

    private string BuildUpdate(ulong changed)
    {
        var sql = new StringBuilder("UPDATE ").Append(SqlName.Quote(Collection.Name)).Append(" SET ");
        var separator = "";
        for (var column = 0; column < Codecs.Length; column++)
        {
            if (!IsChanged(changed, column)) continue;
            sql.Append(separator).Append(SqlName.Quote(Codecs[column].Field.Name)).Append(" = ?");
            separator = ", ";
        }

        return sql.Append(" WHERE \"id\" = ?").ToString();
    }
}
