namespace Platform.Cluster.Events;

/// <summary>
/// The value of <c>/events/{kind}</c>: an event that changes nothing else in the store. The key holds the newest of its
/// kind only, so notes need no clearing away; the watch tells each.
/// </summary>
internal sealed record EventNote
{
    public DateTimeOffset Time { get; init; }

    public string? Tenant { get; init; }

    public string? Node { get; init; }

    public string? From { get; init; }

    public string? Reason { get; init; }
}
