namespace Platform.ClusterFaults.Tests.Checking;

internal enum OperationKind
{
    /// <summary>A new record with an id that nobody uses twice.</summary>
    Create,

    /// <summary>Reads a record that was acknowledged.</summary>
    ReadRecord,

    /// <summary>One more on a counter: reads, adds and writes in one request.</summary>
    Add,

    ReadCounter,

    /// <summary>A new record with a key that several want and that is unique.</summary>
    Claim,
}
