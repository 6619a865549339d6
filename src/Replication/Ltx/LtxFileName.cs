namespace Platform.Replication.Ltx;

/// <summary>Names of LTX files: <c>{MinTXID}-{MaxTXID}.ltx</c>, each 16 lower-case hexadecimal digits.</summary>
public static class LtxFileName
{
    private const string Extension = ".ltx";
    private const int NameLength = (2 * Txid.TextLength) + 1 + 4;

    /// <summary>The name of the file that holds the transactions from <paramref name="min"/> to
    /// <paramref name="max"/>.</summary>
    public static string Format(Txid min, Txid max) =>
        min.Value == 0 || min > max
            ? throw new LtxException(LtxFault.BadTxidRange, $"{min}-{max} is no range of transactions.")
            : $"{min}-{max}{Extension}";

    /// <summary>Reads a name without folders. False for any other: replicas may hold foreign objects.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out Txid min, out Txid max)
    {
        max = default;
        if (name.Length == NameLength
            && name[Txid.TextLength] == '-'
            && name.EndsWith(Extension, StringComparison.Ordinal)
            && Txid.TryParse(name[..Txid.TextLength], out min)
            && Txid.TryParse(name.Slice(Txid.TextLength + 1, Txid.TextLength), out max)
            && min.Value > 0
            && min <= max)
        {
            return true;
        }

        (min, max) = (default, default);
        return false;
    }
}
