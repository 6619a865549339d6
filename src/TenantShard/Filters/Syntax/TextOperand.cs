namespace Platform.TenantShard.Filters.Syntax;

/// <summary>A quoted text.</summary>
internal sealed record TextOperand(int Start, string Value) : OperandNode(Start);
