namespace Platform.TenantShard.Realtime;

/// <summary>Limits of realtime connections.</summary>
public sealed record RealtimeOptions
{
    /// <summary>Open connections of one tenant; one more is refused with 429.</summary>
    public int ClientsMax { get; init; } = 5000;

    /// <summary>Subscriptions of one client, as in PocketBase.</summary>
    public int SubscriptionsMax { get; init; } = 1000;

    /// <summary>Subscriptions of all clients of a tenant; more are refused with 429.</summary>
    public int TenantSubscriptionsMax { get; init; } = 50_000;

    /// <summary>Messages that may wait for one client; a client that is slower is disconnected.</summary>
    public int QueuedMessagesMax { get; init; } = 512;

    /// <summary>Bytes of messages that may wait for one client.</summary>
    public int QueuedBytesMax { get; init; } = 8 << 20;

    /// <summary>A connection without messages ends after this long; clients connect again.</summary>
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest life of a connection.</summary>
    public TimeSpan LifeMax { get; init; } = TimeSpan.FromMinutes(30);
}
