using System.Text.RegularExpressions;

namespace Platform.Cluster.Configuration;

/// <summary>
/// Variables that Kubernetes sets in every container for a service named <c>platform</c>
/// (https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables). They are nobody's mistake.
/// </summary>
internal static partial class ServiceLink
{
    public static bool IsOne(string name) => Pattern().IsMatch(name);

    [GeneratedRegex("_SERVICE_(HOST|PORT)(_[A-Z0-9_]+)?$|_PORT(_[0-9]+_(TCP|UDP)(_(PROTO|PORT|ADDR))?)?$")]
    private static partial Regex Pattern();
}
