namespace Platform.TenantShard.Http;

/// <summary>One tenant's part of a budget of all tenants of a node, which alone touches it, under its gate.</summary>
internal sealed class BudgetShare
{
    internal long Used { get; set; }
}
