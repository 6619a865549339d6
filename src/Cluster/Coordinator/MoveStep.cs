namespace Platform.Cluster.Coordinator;

/// <summary>The steps of a move, in their order.</summary>
internal enum MoveStep
{
    /// <summary>Is the plan still true, are both nodes there?</summary>
    Plan,

    /// <summary>The target copies the tenant's data while the owner serves.</summary>
    Prepare,

    /// <summary>The owner finishes, stores its last writes and serves no more.</summary>
    HandOff,

    /// <summary>The route is written: from here on the tenant is the target's.</summary>
    Route,

    /// <summary>The target takes what came since its copy, and serves.</summary>
    Open,

    Done,
}
