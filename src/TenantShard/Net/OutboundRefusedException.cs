namespace Platform.TenantShard.Net;

/// <summary>A tenant's setting names a host that this node must not connect to.</summary>
internal sealed class OutboundRefusedException(string message) : Exception(message);
