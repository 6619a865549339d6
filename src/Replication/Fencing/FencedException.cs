namespace Platform.Replication.Fencing;

/// <summary>
/// Another owner has written the transaction that was to be stored: this owner's time is over. Permanent: close,
/// acknowledge nothing, and open again only with a newer epoch.
/// </summary>
/// <param name="key">The object that was already there with other content.</param>
public sealed class FencedException(string key)
    : Exception($"'{key}' was written by another owner. This one is fenced: nothing more may be acknowledged.")
{
    /// <summary>The object that was already there with other content.</summary>
    public string Key { get; } = key;
}
