using System.Globalization;

namespace Platform.Cluster.Events;

/// <summary>
/// The place of an event in the feed, the same in every process: the store's revision, and which of the events of that
/// revision it is. As text <c>1234-0</c>.
/// </summary>
internal readonly record struct EventId(long Revision, int Index) : IComparable<EventId>
{
    public static bool TryParse(string? text, out EventId id)
    {
        id = default;
        var dash = text?.IndexOf('-', StringComparison.Ordinal) ?? -1;
        if (dash <= 0
            || !long.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            || !int.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            return false;
        id = new EventId(revision, index);
        return true;
    }

    public int CompareTo(EventId other) =>
        Revision == other.Revision ? Index.CompareTo(other.Index) : Revision.CompareTo(other.Revision);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Revision}-{Index}");
}
