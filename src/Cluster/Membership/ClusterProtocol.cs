using System.Globalization;

namespace Platform.Cluster.Membership;

/// <summary>
/// What processes of different releases need to understand each other: documents in the store and internal calls. Raised
/// by a release that changes their meaning; a release understands its own and the one before and after.
/// </summary>
internal static class ClusterProtocol
{
    /// <summary>This release's.</summary>
    public const int OfRelease = 1;

    /// <summary>
    /// A number in <c>platform.runtimeconfig.json</c> (<c>configProperties</c>) that is spoken instead. It is there to
    /// try out how releases that differ get on with each other; an installation does not have it.
    /// </summary>
    private const string OtherProperty = "Platform.Cluster.Protocol";

    /// <summary>What this process speaks.</summary>
    public static int Current { get; } =
        AppContext.GetData(OtherProperty) is string text
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var other) ? other : OfRelease;

    /// <summary>Why a process may not join; null: it may.</summary>
    public static string? Refusal(int own, IEnumerable<NodeState> nodes)
    {
        foreach (var node in nodes)
        {
            if (node.Document is not { } other || Math.Abs(Of(other) - own) <= 1) continue;
            return $"node '{other.Id}' (release {other.Version}) speaks protocol {Of(other)} of the cluster, this process "
                + $"{own}: running releases may be one apart, so upgrade in steps";
        }

        return null;
    }

    /// <summary>Releases that did not say so yet speak the first.</summary>
    public static int Of(NodeDocument node) => node.Protocol == 0 ? 1 : node.Protocol;
}
