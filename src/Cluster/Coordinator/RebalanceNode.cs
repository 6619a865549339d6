namespace Platform.Cluster.Coordinator;

/// <summary>A node as placement sees it.</summary>
/// <param name="Id">The node.</param>
/// <param name="Load">By the scarcest of processor, memory and places; 1 is full.</param>
/// <param name="TenantsActive">Tenants that it has open, with those that are on their way.</param>
internal readonly record struct RebalanceNode(string Id, double Load, int TenantsActive);
