using System.Text;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.Records;

/// <summary>
/// The values of one record, by column of its <see cref="CollectionPlan"/>, with text kept in one array of its own:
/// a write command may outlive the request that made it.
/// </summary>
internal sealed class RecordValues
{
    private readonly Slot[] _slots;
    private byte[] _text;
    private int _textCount;

    public RecordValues(int columnCount, int textBytes)
    {
        _slots = new Slot[columnCount];
        _text = textBytes == 0 ? [] : new byte[textBytes];
    }

    private RecordValues(RecordValues other)
    {
        _slots = [.. other._slots];
        _text = [.. other._text];
        _textCount = other._textCount;
    }

    /// <summary>Bytes of text held so far.</summary>
    public int TextBytes => _textCount;

    public ColumnValue this[int column]
    {
        get
        {
            ref readonly var slot = ref _slots[column];
            return slot.Type switch
            {
                ColumnType.Integer => ColumnValue.From(slot.Bits),
                ColumnType.Real => ColumnValue.From(BitConverter.Int64BitsToDouble(slot.Bits)),
                ColumnType.Text => ColumnValue.From(_text.AsSpan(slot.Offset, slot.Length)),
                _ => default,
            };
        }
    }

    public RecordValues Copy() => new(this);

    public bool HasSame(RecordValues other, int column)
    {
        var left = this[column];
        var right = other[column];
        return left.Type == right.Type && left.Integer == right.Integer && left.Utf8.SequenceEqual(right.Utf8);
    }

    /// <summary>True once the column was given a value, NULL included.</summary>
    public bool IsSet(int column) => _slots[column].Type != 0;

    public ReadOnlySpan<byte> Utf8(int column)
    {
        ref readonly var slot = ref _slots[column];
        return slot.Type == ColumnType.Text ? _text.AsSpan(slot.Offset, slot.Length) : default;
    }

    public string Text(int column) => Encoding.UTF8.GetString(Utf8(column));

    public void SetNull(int column) => _slots[column] = new Slot { Type = ColumnType.Null };

    public void SetInteger(int column, long value) =>
        _slots[column] = new Slot { Type = ColumnType.Integer, Bits = value };

    public void SetReal(int column, double value) =>
        _slots[column] = new Slot { Type = ColumnType.Real, Bits = BitConverter.DoubleToInt64Bits(value) };

    public void SetText(int column, ReadOnlySpan<byte> utf8) => utf8.CopyTo(ReserveText(column, utf8.Length));

    public void SetText(int column, string text) =>
        Encoding.UTF8.GetBytes(text, ReserveText(column, Encoding.UTF8.GetByteCount(text)));

    /// <summary>Makes the column a text of so many bytes, for the caller to fill at once.</summary>
    public Span<byte> ReserveText(int column, int length)
    {
        if (_textCount + length > _text.Length)
            Array.Resize(ref _text, Math.Max(_textCount + length, _text.Length * 2));
        _slots[column] = new Slot { Type = ColumnType.Text, Offset = _textCount, Length = length };
        _textCount += length;
        return _text.AsSpan(_slots[column].Offset, length);
    }

    public void Set(int column, ColumnValue value)
    {
        switch (value.Type)
        {
            case ColumnType.Integer: SetInteger(column, value.Integer); break;
            case ColumnType.Real: SetReal(column, value.Real); break;
            case ColumnType.Null: SetNull(column); break;
            default: SetText(column, value.Utf8); break;
        }
    }

    public void Bind(Statement statement, int parameter, int column)
    {
        var value = this[column];
        switch (value.Type)
        {
            case ColumnType.Integer: statement.BindInt64(parameter, value.Integer); break;
            case ColumnType.Real: statement.BindDouble(parameter, value.Real); break;
            case ColumnType.Text: statement.BindText(parameter, value.Utf8); break;
            default: statement.BindNull(parameter); break;
        }
    }

    private struct Slot
    {
        public ColumnType Type;
        public long Bits;
        public int Offset;
        public int Length;
    }
}
