namespace Platform.Replication.ObjectStore;

/// <summary>Object storage failed or refused. The message names operation and key, and holds no credentials.</summary>
/// <param name="operation">The call that failed, such as <c>create</c>.</param>
/// <param name="key">The object, or a prefix.</param>
/// <param name="isTransient">True when the same call may succeed later.</param>
/// <param name="hint">What an operator should look at.</param>
/// <param name="cause">The store's own error.</param>
public sealed class ObjectStoreException(
    string operation, string key, bool isTransient, string hint, Exception? cause = null)
    : Exception($"Object storage: {operation} '{key}' failed. {hint}", cause)
{
    /// <summary>The call that failed.</summary>
    public string Operation { get; } = operation;

    /// <summary>The object, or a prefix.</summary>
    public string Key { get; } = key;

    /// <summary>True when the same call may succeed later.</summary>
    public bool IsTransient { get; } = isTransient;

    /// <summary>What an operator should look at.</summary>
    public string Hint { get; } = hint;
}
