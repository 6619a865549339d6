namespace Platform.TenantShard.Filters.Syntax;

/// <summary>One side of a comparison, or an argument of a function.</summary>
/// <param name="Start">Where it begins in the text, from 0.</param>
internal abstract record OperandNode(int Start);
