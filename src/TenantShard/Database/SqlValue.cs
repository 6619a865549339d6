namespace Platform.TenantShard.Database;

/// <summary>A parameter of a compiled query: a literal of the query's text or a value of its request.</summary>
internal readonly struct SqlValue
{
    private readonly object? _text;
    private readonly long _bits;

    private SqlValue(ColumnType type, long bits, object? text)
    {
        Type = type;
        _bits = bits;
        _text = text;
    }

    public static SqlValue Null { get; } = new(ColumnType.Null, 0, null);

    public ColumnType Type { get; }

    public long Integer => _bits;

    public double Real => BitConverter.Int64BitsToDouble(_bits);

    public string Text => (string?)_text ?? "";

    public static SqlValue From(string text) => new(ColumnType.Text, 0, text);

    public static SqlValue From(long value) => new(ColumnType.Integer, value, null);

    public static SqlValue From(double value) =>
        new(ColumnType.Real, BitConverter.DoubleToInt64Bits(value), null);

    /// <summary>SQLite has no booleans: true is 1, false is 0.</summary>
    public static SqlValue From(bool value) => new(ColumnType.Integer, value ? 1 : 0, null);
}
