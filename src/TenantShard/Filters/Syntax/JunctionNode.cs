namespace Platform.TenantShard.Filters.Syntax;

/// <summary>Two or more parts joined by <c>&amp;&amp;</c> or by <c>||</c>.</summary>
internal sealed record JunctionNode(bool IsAnd, IReadOnlyList<FilterNode> Parts) : FilterNode;
