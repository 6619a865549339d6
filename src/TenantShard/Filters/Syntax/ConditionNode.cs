namespace Platform.TenantShard.Filters.Syntax;

/// <summary>One comparison.</summary>
/// <param name="Left">The left operand.</param>
/// <param name="Operator">How to compare.</param>
/// <param name="IsAny">The <c>?</c> form: one matching value is enough. Otherwise all values must match.</param>
/// <param name="Right">The right operand.</param>
internal sealed record ConditionNode(OperandNode Left, FilterOperator Operator, bool IsAny, OperandNode Right)
    : FilterNode;
