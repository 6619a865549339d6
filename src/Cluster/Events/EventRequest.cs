using Microsoft.AspNetCore.Http;
using Platform.Cluster.Http;

namespace Platform.Cluster.Events;

/// <summary>Which events are asked for.</summary>
internal sealed record EventRequest
{
    public const int LimitMax = 1000;

    private const int LimitDefault = 100;

    private static readonly string[] Names = ["kinds", "tenant", "node", "after", "limit"];

    /// <summary>Empty: all.</summary>
    public IReadOnlySet<string> Kinds { get; private init; } = new HashSet<string>();

    public string Tenant { get; private init; } = "";

    public string Node { get; private init; } = "";

    /// <summary>The place after which events are wanted; null: none was named.</summary>
    public EventId? After { get; private init; }

    public int Limit { get; private init; }

    public bool Wants(ClusterEvent happened) =>
        happened.Kind == EventKinds.FeedGap
        || ((Kinds.Count == 0 || Kinds.Contains(happened.Kind))
            && (Tenant.Length == 0 || happened.Tenant == Tenant)
            && (Node.Length == 0 || happened.Node == Node || happened.From == Node));

    /// <summary>From the query, and the place of a client that connects again from its header.</summary>
    public static (EventRequest? Request, ApiProblem? Problem) Read(HttpRequest request)
    {
        var query = new QueryFields(request.Query, Names, isGuessing: true);
        var header = request.Headers["Last-Event-ID"].ToString();
        var found = new EventRequest
        {
            Kinds = ReadKinds(query),
            Tenant = query.Text("tenant"),
            Node = query.Text("node"),
            After = ReadPlace(header.Length > 0 ? header : query.Text("after"), query),
            Limit = query.Number("limit", LimitDefault, LimitMax),
        };
        return query.Problem is { } problem ? (null, problem) : (found, null);
    }

    private static HashSet<string> ReadKinds(QueryFields query)
    {
        var kinds = new HashSet<string>(StringComparer.Ordinal);
        var words = query.Text("kinds")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var word in words)
        {
            var meant = EventKinds.Find(word).ToList();
            kinds.UnionWith(meant);
            if (meant.Count == 0)
                query.Refuse(
                    "kinds", "validation_invalid_choice",
                    "Must be kinds or families of events, between commas: " + string.Join(", ", EventKinds.All) + ".");
        }

        return kinds;
    }

    private static EventId? ReadPlace(string text, QueryFields query)
    {
        if (text.Length == 0) return null;
        if (EventId.TryParse(text, out var place)) return place;
        query.Refuse("after", "validation_invalid_format", "Must be the id of an event, such as 1234-0.");
        return null;
    }
}
