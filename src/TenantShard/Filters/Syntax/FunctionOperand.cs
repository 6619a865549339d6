namespace Platform.TenantShard.Filters.Syntax;

/// <summary>A call such as <c>geoDistance(a, b, c, d)</c>.</summary>
internal sealed record FunctionOperand(int Start, string Name, IReadOnlyList<OperandNode> Arguments)
    : OperandNode(Start);
