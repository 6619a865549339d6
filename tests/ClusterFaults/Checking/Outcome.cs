namespace Platform.ClusterFaults.Tests.Checking;

internal enum Outcome
{
    /// <summary>Success was answered: from now on it must be true.</summary>
    Acknowledged,

    /// <summary>It was answered that it is not so: a key is taken, a record is not there.</summary>
    Denied,

    /// <summary>Nothing certain is known: no answer, 502, 503, 504. Both are allowed.</summary>
    Unknown,

    /// <summary>An answer that this request must never get.</summary>
    Wrong,
}
