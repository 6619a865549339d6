using System.Buffers;
using System.Globalization;

namespace Platform.Replication.Ltx;

/// <summary>
/// A transaction id: the place of one committed group in a replica's single, gapless line. The first is 1;
/// 0 means "none yet". Written as 16 lower-case hexadecimal digits, in names and in logs.
/// </summary>
public readonly record struct Txid(ulong Value) : IComparable<Txid>
{
    /// <summary>Digits of the written form.</summary>
    public const int TextLength = 16;

    private static readonly SearchValues<char> LowerHexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>No transaction: a replica that holds nothing.</summary>
    public static Txid None => default;

    /// <summary>The transaction id after this one.</summary>
    public Txid Next => new(checked(Value + 1));

    /// <summary>Reads the written form: exactly 16 lower-case hexadecimal digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Txid txid)
    {
        txid = default;
        if (text.Length != TextLength || text.ContainsAnyExcept(LowerHexDigits)
            || !ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        txid = new Txid(value);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(Txid other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);

    public static bool operator <(Txid left, Txid right) => left.Value < right.Value;

    public static bool operator >(Txid left, Txid right) => left.Value > right.Value;

    public static bool operator <=(Txid left, Txid right) => left.Value <= right.Value;

    public static bool operator >=(Txid left, Txid right) => left.Value >= right.Value;
}
