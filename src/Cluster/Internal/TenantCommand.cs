namespace Platform.Cluster.Internal;

/// <summary>The body of a call about a tenant; each call uses some fields.</summary>
internal sealed record TenantCommand
{
    /// <summary>The epoch that is meant, for a release and its end.</summary>
    public long Epoch { get; init; }

    public string Email { get; init; } = "";

    public string Password { get; init; } = "";
}
