namespace Platform.Cluster.Store;

/// <summary>
/// Comparisons and what to do when all hold. A key may be changed once, and there are at most
/// <see cref="StoreLimits.TransactionSizeMax"/> of each.
/// </summary>
internal sealed record StoreTransaction
{
    public IReadOnlyList<StoreCompare> Compares { get; init; } = [];

    public IReadOnlyList<StoreOperation> Operations { get; init; } = [];

    /// <exception cref="ArgumentException">A rule of the store is broken: a bug of the caller.</exception>
    public void Validate()
    {
        if (Compares.Count > StoreLimits.TransactionSizeMax || Operations.Count > StoreLimits.TransactionSizeMax)
            throw new ArgumentException(
                $"A transaction holds at most {StoreLimits.TransactionSizeMax} comparisons and operations.");
        var changed = new HashSet<string>(StringComparer.Ordinal);
        var bytes = 0L;
        foreach (var compare in Compares)
        {
            StoreLimits.CheckKey(compare.Key);
            bytes += compare.Key.Length;
        }

        foreach (var operation in Operations)
        {
            StoreLimits.CheckKey(operation.Key);
            if (!changed.Add(operation.Key))
                throw new ArgumentException($"The key '{operation.Key}' is changed twice.");
            if (operation.Value?.Length > StoreLimits.ValueBytesMax)
                throw new ArgumentException(
                    $"The value of '{operation.Key}' is larger than {StoreLimits.ValueBytesMax} bytes.");
            bytes += operation.Key.Length + (operation.Value?.Length ?? 0);
        }

        if (bytes > StoreLimits.TransactionBytesMax)
            throw new ArgumentException(
                $"A transaction of {bytes} bytes is larger than {StoreLimits.TransactionBytesMax} bytes.");
    }
}
