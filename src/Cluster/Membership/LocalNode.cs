using System.Security.Cryptography;

namespace Platform.Cluster.Membership;

/// <summary>This process as a member of the cluster.</summary>
internal sealed class LocalNode(string id, string zone, IReadOnlyList<string> roles, DateTimeOffset started)
{
    private volatile string _address = "";

    public string Id { get; } = id;

    /// <summary>Of one life of the process.</summary>
    public string Instance { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    public string Zone { get; } = zone;

    public IReadOnlyList<string> Roles { get; } = roles;

    public DateTimeOffset Started { get; } = started;

    /// <summary>How others reach it: a URL without a path; empty until the listeners are open.</summary>
    public string Address => _address;

    /// <summary>Called once, when the port is known.</summary>
    public void Announce(Uri address) => _address = address.GetLeftPart(UriPartial.Authority);
}
