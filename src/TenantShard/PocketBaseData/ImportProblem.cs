namespace Platform.TenantShard.PocketBaseData;

/// <summary>Why an upload cannot become a tenant.</summary>
/// <param name="Place">Where: <c>data.db</c>, <c>data.db/users/fields/avatar/maxSize</c>, <c>storage/...</c>.</param>
/// <param name="Code">A stable code, such as <c>validation_damaged</c>.</param>
/// <param name="Message">A sentence for people.</param>
public sealed record ImportProblem(string Place, string Code, string Message);
