namespace Platform.Replication.Maintenance;

/// <summary>A file that should be in the replica is not: what is known of it is out of date.</summary>
/// <param name="key">The object.</param>
internal sealed class FileGoneException(string key) : Exception($"'{key}' is gone.")
{
    /// <summary>The object.</summary>
    public string Key { get; } = key;
}
