using System.Net;

namespace Platform.TenantShard.Logs;

/// <summary>
/// Something to be written down: references to what the request had anyway, so that noting it allocates nothing. Made
/// text when it is stored.
/// </summary>
internal readonly record struct LogEntry
{
    public required DateTimeOffset Time { get; init; }

    public required int Level { get; init; }

    /// <summary>What happened; null for a request, whose message is its method and URL.</summary>
    public string? Message { get; init; }

    public string? Method { get; init; }

    public string? Path { get; init; }

    public string? Query { get; init; }

    public int Status { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>The collection of who sent it; null for guests.</summary>
    public string? Auth { get; init; }

    public string? AuthId { get; init; }

    public string? Referer { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>The connection's address.</summary>
    public IPAddress? Remote { get; init; }

    /// <summary>The client's address, by the tenant's trust in proxies.</summary>
    public IPAddress? User { get; init; }

    /// <summary>Why it was refused or failed.</summary>
    public string? Error { get; init; }

    public bool HasAddresses { get; init; }
}
