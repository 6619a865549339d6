namespace Platform.Cluster.Store;

/// <summary>What fits into the store; the values are etcd's defaults, or stricter.</summary>
internal static class StoreLimits
{
    /// <summary>Most comparisons, and most operations, of a transaction (etcd: --max-txn-ops).</summary>
    public const int TransactionSizeMax = 128;

    /// <summary>Largest value, in bytes. etcd refuses requests over 1.5 MiB; a whole transaction has to fit.</summary>
    public const int ValueBytesMax = 256 * 1024;

    /// <summary>Keys and values of a transaction together, in bytes: etcd's 1.5 MiB less what its framing takes.</summary>
    public const int TransactionBytesMax = 1536 * 1024 - 64 * 1024;

    /// <summary>Longest key, in characters, all visible ASCII.</summary>
    public const int KeyLengthMax = 512;

    /// <summary>Longest page of a listing.</summary>
    public const int PageSizeMax = 1000;

    /// <exception cref="ArgumentException">A key is not <c>/</c> followed by visible ASCII.</exception>
    public static void CheckKey(string key)
    {
        if (key.Length is < 2 or > KeyLengthMax || key[0] != '/' || key.Any(character => character is <= ' ' or > '~'))
            throw new ArgumentException(
                $"'{key}' is no key: '/' and then visible ASCII, at most {KeyLengthMax} characters.");
    }

    /// <exception cref="ArgumentException">As <see cref="CheckKey"/>; a lone <c>/</c> is every key.</exception>
    public static void CheckPrefix(string prefix)
    {
        if (prefix != "/") CheckKey(prefix);
    }
}
