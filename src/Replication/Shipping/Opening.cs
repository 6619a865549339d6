namespace Platform.Replication.Shipping;

/// <summary>How a database came to be open.</summary>
public enum Opening
{
    /// <summary>There is no replica, and now no local file either: the caller puts its first image in place.</summary>
    Empty,

    /// <summary>The local file provably is what the replica holds, perhaps with commits on top that were not shipped.</summary>
    Continued,

    /// <summary>The replica was downloaded.</summary>
    Restored,

    /// <summary>The local file provably was an earlier transaction of the replica, and what came since was applied.</summary>
    CaughtUp,
}
