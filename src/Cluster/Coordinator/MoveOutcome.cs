namespace Platform.Cluster.Coordinator;

/// <summary>How a move ended.</summary>
internal sealed record MoveOutcome
{
    /// <summary>The step that it did not get over; <see cref="MoveStep.Done"/> when the tenant has its new owner.</summary>
    public required MoveStep Step { get; init; }

    /// <summary>Why not, in words; empty when it is done.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The epoch of the new owner.</summary>
    public long Epoch { get; init; }

    /// <summary>How long the target copied, beside the service.</summary>
    public TimeSpan Prepare { get; init; }

    /// <summary>From the moment at which new requests were held to the one at which the target answered them.</summary>
    public TimeSpan Pause { get; init; }

    public TimeSpan Total { get; init; }

    public bool IsDone => Step == MoveStep.Done;

    public static MoveOutcome Stayed(MoveStep step, string reason) => new() { Step = step, Reason = reason };
}
