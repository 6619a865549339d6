using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Platform.TenantShard.RateLimits;

/// <summary>
/// Counts the requests of one tenant's clients, by rule, in windows of time that begin with a client's first request.
/// </summary>
internal sealed class RateLimiter(TimeProvider clock)
{
    /// <summary>
    /// Counters of a tenant, about 100 bytes each. When there are more, those whose time is over go first, and then all:
    /// who has thousands of addresses gains nothing by it that he has not already.
    /// </summary>
    public const int CountersMax = 4096;

    private readonly Lock _lock = new();
    private Dictionary<Counter, Window>? _windows;

    /// <summary>Counts a request; false when it is one too many, and how long that lasts.</summary>
    public bool TryTake(RateLimitRule rule, string collection, IPAddress? address, out TimeSpan wait)
    {
        var counter = new Counter(rule.Key, collection, Network(address));
        var now = clock.GetTimestamp();
        lock (_lock)
        {
            _windows ??= [];
            if (!_windows.TryGetValue(counter, out var window)
                || (wait = rule.Duration - clock.GetElapsedTime(window.Start, now)) <= TimeSpan.Zero)
            {
                MakeRoom(now);
                _windows[counter] = new Window(now, rule.Duration, 1);
                wait = TimeSpan.Zero;
                return true;
            }

            if (window.Count >= rule.MaxRequests) return false;
            _windows[counter] = window with { Count = window.Count + 1 };
            return true;
        }
    }

    private void MakeRoom(long now)
    {
        if (_windows!.Count < CountersMax) return;
        foreach (var (counter, window) in _windows)
            if (clock.GetElapsedTime(window.Start, now) >= window.Duration) _windows.Remove(counter);
        if (_windows.Count >= CountersMax) _windows.Clear();
    }

    /// <summary>Of IPv6 the first half: the rest is the client's own to choose.</summary>
    private static UInt128 Network(IPAddress? address)
    {
        if (address is null) return default;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? new UInt128(1, BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : new UInt128(BinaryPrimitives.ReadUInt64BigEndian(bytes), 0);
    }

    private readonly record struct Counter(string Rule, string Collection, UInt128 Network);

    private readonly record struct Window(long Start, TimeSpan Duration, int Count);
}
