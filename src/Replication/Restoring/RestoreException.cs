namespace Platform.Replication.Restoring;

/// <summary>A replica cannot be restored. Names the object that is at fault and what to do about it.</summary>
/// <param name="key">The object, or the replica's path when no single object is at fault.</param>
/// <param name="reason">What is wrong, as a sentence.</param>
/// <param name="hint">What an operator should do, as a sentence.</param>
/// <param name="cause">The underlying error, if any.</param>
public sealed class RestoreException(string key, string reason, string hint, Exception? cause = null)
    : Exception($"Cannot restore from '{key}': {reason} {hint}", cause)
{
    /// <summary>The object, or the replica's path when no single object is at fault.</summary>
    public string Key { get; } = key;

    /// <summary>What an operator should do.</summary>
    public string Hint { get; } = hint;

    /// <summary>True when the object was listed and then gone: retention may have removed it, and a new listing helps.</summary>
    internal bool IsGone { get; init; }

    internal static RestoreException Gone(string key) => new(
        key,
        "it was listed and is gone.",
        "If retention removed it just now, restore again; else a snapshot newer than it is needed.")
    { IsGone = true };
}
