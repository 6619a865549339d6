namespace Platform.TenantShard.Filters.Syntax;

/// <summary>A number, always a 64-bit float as in PocketBase.</summary>
internal sealed record NumberOperand(int Start, double Value) : OperandNode(Start);
