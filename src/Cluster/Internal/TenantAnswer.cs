namespace Platform.Cluster.Internal;

/// <summary>A node's answer to a call about a tenant; each call uses some fields.</summary>
internal sealed record TenantAnswer
{
    /// <summary>Of a release: the tenant was open, so that its new owner should open it at once.</summary>
    public bool WasOpen { get; init; }

    /// <summary>Of a look: <c>active</c>, <c>opening</c>, <c>closing</c>, <c>held</c>, <c>moving</c>, <c>closed</c>.</summary>
    public string State { get; init; } = "";
}
