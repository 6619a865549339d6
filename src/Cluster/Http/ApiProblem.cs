namespace Platform.Cluster.Http;

/// <summary>
/// A refusal in the one error shape of all APIs: <c>{"status", "message", "data": {field: {code, message}}}</c>.
/// </summary>
internal sealed record ApiProblem(int Status, string Message)
{
    /// <summary>The message of a request with mistakes in its fields.</summary>
    public const string InvalidFields = "The request holds invalid values.";

    public IReadOnlyDictionary<string, FieldProblem> Fields { get; init; } = new Dictionary<string, FieldProblem>();

    /// <summary>Seconds until it makes sense to try again; null when it does not.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>A request with mistakes in its fields, all of them.</summary>
    public static ApiProblem OfFields(IReadOnlyDictionary<string, FieldProblem> problems) =>
        new(400, InvalidFields) { Fields = problems };

    /// <summary>A problem with one field.</summary>
    public static ApiProblem OfField(int status, string message, string field, string code, string reason) =>
        new(status, message) { Fields = new Dictionary<string, FieldProblem> { [field] = new(code, reason) } };
}
