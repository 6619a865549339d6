namespace Platform.Gateway.Forwarding;

/// <summary>How the gateway finished a request: the values of the metric tag <c>outcome</c>.</summary>
internal static class GatewayOutcome
{
    public const string Forwarded = "forwarded";
    public const string Malformed = "malformed";
    public const string Ambiguous = "ambiguous";
    public const string Unknown = "unknown_tenant";
    public const string Deleted = "deleted_tenant";
    public const string TooLarge = "body_too_large";
    public const string BadRequest = "bad_request";
    public const string Aborted = "aborted";
    public const string Failed = "failed";
}
