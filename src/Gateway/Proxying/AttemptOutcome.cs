namespace Platform.Gateway.Proxying;

/// <summary>How one attempt to have a request answered by a node ended.</summary>
internal enum AttemptOutcome
{
    /// <summary>The node's answer went to the client.</summary>
    Answered,

    /// <summary>The node does not own the tenant and did nothing.</summary>
    Misdirected,

    /// <summary>The tenant leaves the node at this moment, which did nothing.</summary>
    Moving,

    /// <summary>No connection: the node did nothing.</summary>
    Unreached,

    /// <summary>The connection ended before the answer began: the node may have done it.</summary>
    Broken,

    /// <summary>The answer did not begin in time: the node may have done it, or may still do it.</summary>
    TimedOut,

    /// <summary>The connection to the node ended within the answer; the client's was cut as well.</summary>
    CutOff,

    /// <summary>The client is gone.</summary>
    Aborted,
}
