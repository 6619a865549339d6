using Platform.TenantShard.Database;

namespace Platform.TenantShard.Records;

/// <summary>
/// One value of a row, as SQLite holds it. Text is valid as long as its statement or buffer stands still.
/// </summary>
internal readonly ref struct ColumnValue
{
    private readonly long _bits;

    private ColumnValue(ColumnType type, long bits, ReadOnlySpan<byte> utf8)
    {
        Type = type;
        _bits = bits;
        Utf8 = utf8;
    }

    public ColumnType Type { get; }

    public ReadOnlySpan<byte> Utf8 { get; }

    public long Integer => _bits;

    public double Real => BitConverter.Int64BitsToDouble(_bits);

    public bool IsNull => Type == ColumnType.Null;

    public static ColumnValue From(long value) => new(ColumnType.Integer, value, default);

    public static ColumnValue From(double value) =>
        new(ColumnType.Real, BitConverter.DoubleToInt64Bits(value), default);

    public static ColumnValue From(ReadOnlySpan<byte> utf8) => new(ColumnType.Text, 0, utf8);

    /// <summary>Reads the column in the storage class that the row has.</summary>
    public static ColumnValue Read(Statement row, int column) => row.Type(column) switch
    {
        ColumnType.Integer => From(row.Int64(column)),
        ColumnType.Real => From(row.Double(column)),
        ColumnType.Null => new ColumnValue(ColumnType.Null, 0, default),
        _ => From(row.Utf8(column)),
    };

    /// <summary>
    /// Reads the column as text whatever it holds; NULL is empty. Saves asking for the storage class.
    /// </summary>
    public static ColumnValue ReadText(Statement row, int column) => From(row.Utf8(column));
}
