using System.Text;
using System.Text.Json;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Database;
using Platform.TenantShard.Projection;
using Platform.TenantShard.Records.Codecs;

namespace Platform.TenantShard.Records;

/// <summary>
/// The columns of a collection that one kind of reader sees, in the order of the JSON, with the SQL text that reads
/// them. The statement names the table without an alias, as compiled rules expect.
/// </summary>
internal sealed class RecordShape
{
    private readonly Slot[] _slots;
    private readonly JsonEncodedText _collectionId;
    private readonly JsonEncodedText _collectionName;
    private readonly int _emailVisibilityColumn;

    public RecordShape(Collection collection, IReadOnlyList<FieldCodec> codecs)
    {
        _collectionId = JsonEncodedText.Encode(collection.Id);
        _collectionName = JsonEncodedText.Encode(collection.Name);
        _slots = Arrange(collection, codecs);
        IdColumn = IndexOf(codecs, "id");
        _emailVisibilityColumn =
            collection.Type == CollectionType.Auth ? IndexOf(codecs, "emailVisibility") : -1;
        SelectSql = BuildSelect(collection, codecs);
        ViewSql = SelectSql + " WHERE " + SqlName.Column(collection.Name, "id") + " = ?1";
    }

    /// <summary><c>SELECT columns FROM table</c>.</summary>
    public string SelectSql { get; }

    /// <summary>The record with the id of parameter 1.</summary>
    public string ViewSql { get; }

    /// <summary>Where a row has its id.</summary>
    public int IdColumn { get; }

    /// <summary>Where a row of <see cref="SelectSql"/> has the field, or -1 when this reader does not see it.</summary>
    public int ColumnOf(string field)
    {
        foreach (var slot in _slots)
            if (slot.Text == field) return slot.Column;
        return -1;
    }

    /// <summary>Writes the row as an object.</summary>
    /// <param name="writer">The target.</param>
    /// <param name="row">A row of <see cref="SelectSql"/>.</param>
    /// <param name="seesEmail">The reader sees every e-mail address, or owns this record.</param>
    /// <param name="fields">The members to show; null = all.</param>
    public void Write(Utf8JsonWriter writer, Statement row, bool seesEmail, FieldProjection? fields)
    {
        writer.WriteStartObject();
        foreach (var slot in _slots)
        {
            if (fields is not null && !fields.Includes(slot.Text)) continue;
            if (slot.Codec is null)
            {
                writer.WriteString(slot.Name, slot.IsCollectionId ? _collectionId : _collectionName);
                continue;
            }

            if (slot.IsEmail && !seesEmail && !IsEmailVisible(row)) continue;
            var value = slot.Codec.IsText
                ? ColumnValue.ReadText(row, slot.Column)
                : ColumnValue.Read(row, slot.Column);
            writer.WritePropertyName(slot.Name);
            if (fields is null) slot.Codec.Write(writer, value);
            else WritePart(writer, slot, value, fields);
        }

        writer.WriteEndObject();
    }

    /// <summary>
    /// The same for values that are in no row yet; <paramref name="columns"/> maps this shape's columns.
    /// </summary>
    public void Write(Utf8JsonWriter writer, RecordValues values, ReadOnlySpan<int> columns, bool seesEmail)
    {
        writer.WriteStartObject();
        foreach (var slot in _slots)
        {
            if (slot.Codec is null)
            {
                writer.WriteString(slot.Name, slot.IsCollectionId ? _collectionId : _collectionName);
                continue;
            }

            if (slot.IsEmail && !seesEmail && !IsEmailVisible(values, columns)) continue;
            writer.WritePropertyName(slot.Name);
            slot.Codec.Write(writer, values[columns[slot.Column]]);
        }

        writer.WriteEndObject();
    }

    private static void WritePart(Utf8JsonWriter writer, Slot slot, ColumnValue value, FieldProjection fields)
    {
        if (fields.ExcerptOf(slot.Text) is { } excerpt && slot.Codec!.IsText && !slot.Codec.Field.IsMultiple)
            writer.WriteStringValue(excerpt.Of(Encoding.UTF8.GetString(value.Utf8)));
        else if (fields.Child(slot.Text) is { } child && JsonCodec.IsContainer(value))
            ProjectedJson.Copy(value.Utf8, child, writer);
        else
            slot.Codec!.Write(writer, value);
    }

    private static Slot[] Arrange(Collection collection, IReadOnlyList<FieldCodec> codecs)
    {
        var slots = new List<Slot>(codecs.Count + 2)
        {
            new("collectionId", Codec: null, Column: -1, IsCollectionId: true, IsEmail: false),
            new("collectionName", Codec: null, Column: -1, IsCollectionId: false, IsEmail: false),
        };
        for (var column = 0; column < codecs.Count; column++)
        {
            var name = codecs[column].Field.Name;
            var isEmail = collection.Type == CollectionType.Auth && name == "email";
            slots.Add(new Slot(name, codecs[column], column, IsCollectionId: false, isEmail));
        }

        // PocketBase's encoder sorts the members by their names' bytes.
        slots.Sort(static (left, right) => string.CompareOrdinal(left.Text, right.Text));
        return [.. slots];
    }

    private static int IndexOf(IReadOnlyList<FieldCodec> codecs, string name)
    {
        for (var column = 0; column < codecs.Count; column++)
            if (codecs[column].Field.Name == name) return column;
        return -1;
    }

    private static string BuildSelect(Collection collection, IReadOnlyList<FieldCodec> codecs)
    {
        var sql = new StringBuilder("SELECT ");
        for (var column = 0; column < codecs.Count; column++)
        {
            if (column > 0) sql.Append(", ");
            sql.Append(SqlName.Column(collection.Name, codecs[column].Field.Name));
        }

        return sql.Append(" FROM ").Append(SqlName.Quote(collection.Name)).ToString();
    }

    private bool IsEmailVisible(Statement row) =>
        _emailVisibilityColumn >= 0 && BoolCodec.IsTrue(ColumnValue.Read(row, _emailVisibilityColumn));

    private bool IsEmailVisible(RecordValues values, ReadOnlySpan<int> columns) =>
        _emailVisibilityColumn >= 0 && BoolCodec.IsTrue(values[columns[_emailVisibilityColumn]]);

    private readonly record struct Slot(string Text, FieldCodec? Codec, int Column, bool IsCollectionId, bool IsEmail)
    {
        public JsonEncodedText Name { get; } = JsonEncodedText.Encode(Text);
    }
}
