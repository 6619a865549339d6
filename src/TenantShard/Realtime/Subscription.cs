using Microsoft.AspNetCore.Http;

namespace Platform.TenantShard.Realtime;

/// <summary>One topic that a client follows.</summary>
/// <param name="Client">Who.</param>
/// <param name="Text">As the client wrote it, options included: the name of its messages.</param>
/// <param name="Topic">Without options: <c>collection</c>, <c>collection/*</c> or <c>collection/id</c>.</param>
/// <param name="Query">What <c>@request.query</c> and the parameters <c>fields</c>, <c>expand</c>, <c>filter</c> are.</param>
/// <param name="Headers">What <c>@request.headers</c> is.</param>
internal sealed record Subscription(
    RealtimeClient Client, string Text, string Topic, QueryString Query,
    IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>True for all records of a collection: then its list rule decides, otherwise its view rule.</summary>
    public bool IsList { get; } =
        !Topic.Contains('/', StringComparison.Ordinal) || Topic.EndsWith("/*", StringComparison.Ordinal);
}
