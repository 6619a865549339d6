namespace Platform.TenantShard.Collections.Indexes;

/// <summary>A column of an index.</summary>
/// <param name="Expression">A column's name without quotes, or an expression as it was written.</param>
/// <param name="IsName">True for a name.</param>
/// <param name="Suffix">What follows, such as <c>COLLATE NOCASE DESC</c>; may be empty.</param>
internal sealed record IndexColumn(string Expression, bool IsName, string Suffix);
