namespace Platform.TenantShard.Errors;

/// <summary>Why one field of a request was refused.</summary>
/// <param name="Code">A stable code, such as <c>validation_required</c>.</param>
/// <param name="Message">A sentence for people.</param>
internal readonly record struct FieldError(string Code, string Message)
{
    /// <summary>
    /// The errors inside a field that is itself an object or a list (by index); then the code and message are empty
    /// and the answer nests, as in <c>{"fields":{"0":{"name":{"code":"...","message":"..."}}}}</c>.
    /// </summary>
    public IReadOnlyDictionary<string, FieldError>? Nested { get; init; }

    /// <summary>The numbers, texts and lists of texts that are part of the message, by their names.</summary>
    public IReadOnlyDictionary<string, object>? Params { get; init; }

    /// <summary>The answer to a request inside the request, shown as <c>response</c>.</summary>
    public ApiException? Response { get; init; }

    public FieldError With(string name, object value) => this with
    {
        Params = new Dictionary<string, object>(Params ?? new Dictionary<string, object>()) { [name] = value },
    };

    public static FieldError Of(IReadOnlyDictionary<string, FieldError> nested) => new("", "") { Nested = nested };
}
