namespace Platform.TenantShard.Hosting;

/// <summary>A shard refused a request of the node itself, or could not serve it now.</summary>
/// <param name="status">The HTTP status that fits.</param>
/// <param name="message">A sentence for the operator.</param>
/// <param name="fieldErrors">Code and message of each refused field.</param>
/// <param name="cause">For the log.</param>
public sealed class ShardRequestException(
    int status, string message, Dictionary<string, (string Code, string Message)> fieldErrors, Exception? cause)
    : Exception(message, cause)
{
    public int Status { get; } = status;

    public IReadOnlyDictionary<string, (string Code, string Message)> FieldErrors { get; } = fieldErrors;
}
