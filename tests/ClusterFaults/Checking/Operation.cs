namespace Platform.ClusterFaults.Tests.Checking;

/// <summary>One request of a load and what its client learned.</summary>
/// <param name="Kind">What was asked for.</param>
/// <param name="Key">The record, or the key that was claimed.</param>
/// <param name="Outcome">What the answer says.</param>
/// <param name="Value">A counter's value as answered; the record that holds a claim is in <paramref name="Record"/>.</param>
/// <param name="Started">Before it was sent, on the clock of the load.</param>
/// <param name="Ended">After the answer, on the same clock.</param>
/// <param name="Record">The record's id, for claims.</param>
/// <param name="Note">Status and words of an answer that is none of success; for people.</param>
internal sealed record Operation(
    OperationKind Kind, string Key, Outcome Outcome, long Value, long Started, long Ended, string Record = "",
    string Note = "");
