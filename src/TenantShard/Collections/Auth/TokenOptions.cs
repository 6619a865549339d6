namespace Platform.TenantShard.Collections.Auth;

/// <summary>How tokens of one kind are signed and how long they live.</summary>
/// <param name="Secret">The collection's half of the signing key; the other is the record's token key.</param>
/// <param name="DurationSeconds">The lifetime of a token.</param>
internal sealed record TokenOptions(string Secret, long DurationSeconds);
