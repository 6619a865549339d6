namespace Platform.Gateway.Owners;

/// <summary>A node and where its internal listener answers.</summary>
/// <param name="Id">The node's id in the cluster.</param>
/// <param name="Url">Scheme, host and port; no path.</param>
public sealed record NodeAddress(string Id, Uri Url)
{
    /// <summary>What stands before the path of every request to it; made once, not for each.</summary>
    public string Prefix { get; } = Url.GetLeftPart(UriPartial.Authority);
}
