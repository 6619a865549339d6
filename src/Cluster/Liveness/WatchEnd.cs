namespace Platform.Cluster.Liveness;

/// <summary>How it ended to follow another process.</summary>
internal enum WatchEnd
{
    /// <summary>It never began: no connection, or an answer of somebody else, or of a release that cannot be followed.</summary>
    NotBegun,

    /// <summary>Another life of the same node answers there: the one that was looked for has ended.</summary>
    Succeeded,

    /// <summary>The process said that it stops.</summary>
    Farewell,

    /// <summary>The connection broke without a word.</summary>
    Broken,
}
