namespace Platform.TenantShard.Collections.Views;

/// <summary>A SQL view of the database.</summary>
internal sealed record ViewDefinition(string Name, string Sql);
