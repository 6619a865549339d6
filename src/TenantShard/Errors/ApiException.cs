namespace Platform.TenantShard.Errors;

/// <summary>
/// An expected refusal, in the error shape of the tenant API:
/// <c>{"status":400,"message":"...","data":{"field":{"code":"...","message":"..."}}}</c>.
/// The message and data are for the client; the cause is for the log.
/// </summary>
internal sealed class ApiException(
    int status, string message, IReadOnlyDictionary<string, FieldError>? data = null, Exception? cause = null)
    : Exception(message, cause)
{
    private static readonly Dictionary<string, FieldError> NoData = [];

    public int Status { get; } = status;

    public IReadOnlyDictionary<string, FieldError> FieldErrors { get; } = data ?? NoData;

    /// <summary>Seconds after which a retry makes sense, for the Retry-After header.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>True when another node owns the tenant and nothing was done here: that node can be asked.</summary>
    public bool IsOfOtherOwner { get; init; }

    public static ApiException BadRequest(string message, IReadOnlyDictionary<string, FieldError>? data = null) =>
        new(400, message, data);

    public static ApiException BadField(string message, string field, string code, string reason) =>
        new(400, message, new Dictionary<string, FieldError> { [field] = new(code, reason) });

    public static ApiException Unauthorized(string message) => new(401, message);

    public static ApiException Forbidden(string message) => new(403, message);

    public static ApiException NotFound() => new(404, "The requested resource wasn't found.");

    /// <summary>The query ran past its deadline.</summary>
    public static ApiException TooSlow(Exception cause) =>
        new(503, "The query took too long and was stopped.", cause: cause) { RetryAfterSeconds = 1 };

    /// <summary>The query took what SQLite may have of memory.</summary>
    public static ApiException TooMuchMemory(Exception cause) =>
        new(503, "The query took too much memory and was stopped.", cause: cause) { RetryAfterSeconds = 1 };

    public static ApiException Unavailable(string message, int retryAfterSeconds) =>
        new(503, message) { RetryAfterSeconds = retryAfterSeconds };
}
