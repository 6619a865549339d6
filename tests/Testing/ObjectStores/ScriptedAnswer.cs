namespace Platform.Testing.ObjectStores;

/// <summary>What a <see cref="ScriptedS3Server"/> does with one request instead of serving it.</summary>
public sealed record ScriptedAnswer
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The error code in the answer's body.</summary>
    public string Code { get; init; } = "";

    /// <summary>True to serve the request first, and to give the scripted answer all the same.</summary>
    public bool IsServed { get; init; }

    /// <summary>True to cut the connection within the answer.</summary>
    public bool IsCut { get; init; }

    /// <summary>True to send headers and half of the body, then nothing more.</summary>
    public bool IsStalled { get; init; }

    /// <summary>Called when the request arrives, before anything else: what others do in that moment.</summary>
    public Action? Meanwhile { get; init; }
}
