namespace Platform.TenantShard.Errors;

/// <summary>Why one field of a request was refused.</summary>
/// <param name="Code">A stable code, such as <c>validation_required</c>.</param>
/// <param name="Message">A sentence for people.</param>
internal readonly record struct FieldError(string Code, string Message);
