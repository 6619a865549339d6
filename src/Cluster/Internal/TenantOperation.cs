namespace Platform.Cluster.Internal;

/// <summary>Who may do what an operator asks with a tenant's data: see
/// <see cref="Messages.Routing.ForwardHeaders.Operation"/>.</summary>
internal static class TenantOperation
{
    public const string ByOwner = "owner";

    public const string WhereKnown = "known";

    public const string Anywhere = "new";
}
