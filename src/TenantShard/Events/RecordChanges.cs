namespace Platform.TenantShard.Events;

/// <summary>The records that one command has touched, in the order that it did. Bounded.</summary>
internal sealed class RecordChanges
{
    /// <summary>
    /// More than any batch has; a cascade of more is not told one by one (<see cref="IsIncomplete"/>).
    /// </summary>
    private const int EventsMax = 2000;

    private readonly List<RecordEvent> _events = [];

    public IReadOnlyList<RecordEvent> Events => _events;

    /// <summary>True when there were more: who follows the records must start over.</summary>
    public bool IsIncomplete { get; private set; }

    public void Add(RecordEvent change)
    {
        if (_events.Count < EventsMax) _events.Add(change);
        else IsIncomplete = true;
    }
}
