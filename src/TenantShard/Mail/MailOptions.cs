namespace Platform.TenantShard.Mail;

/// <summary>Limits of a node's outgoing mail.</summary>
public sealed record MailOptions
{
    /// <summary>Messages of all tenants that wait; more are dropped.</summary>
    public int WaitingMax { get; init; } = 1000;

    /// <summary>Messages of one tenant that wait; more are dropped.</summary>
    public int TenantWaitingMax { get; init; } = 100;

    /// <summary>For one conversation with a mail server.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a message is tried when the server does not take it for the moment.</summary>
    public int AttemptsMax { get; init; } = 3;

    /// <summary>The wait before the second attempt; four times as long before each further one.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a stop of the node waits for messages that are under way.</summary>
    public TimeSpan StopWait { get; init; } = TimeSpan.FromSeconds(5);
}
