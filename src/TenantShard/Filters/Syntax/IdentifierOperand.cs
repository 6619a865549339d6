namespace Platform.TenantShard.Filters.Syntax;

/// <summary>A field path, a macro, <c>@request.*</c>, <c>@collection.*</c>, or one of null, true and false.</summary>
internal sealed record IdentifierOperand(int Start, string Name) : OperandNode(Start);
