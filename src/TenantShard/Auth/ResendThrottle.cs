namespace Platform.TenantShard.Auth;

/// <summary>Lets a message of one kind to one record pass only every two minutes. Of one tenant.</summary>
internal sealed class ResendThrottle(TimeProvider clock)
{
    /// <summary>Keys remembered at a time; when there are more, all are forgotten.</summary>
    private const int KeysMax = 4096;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _sent = new(StringComparer.Ordinal);

    /// <summary>True when the message may go; then the next one may not for a while.</summary>
    public bool TryPass(string key)
    {
        lock (_gate)
        {
            if (_sent.TryGetValue(key, out var sent) && clock.GetElapsedTime(sent) < Pause) return false;
            if (_sent.Count >= KeysMax) _sent.Clear();
            _sent[key] = clock.GetTimestamp();
            return true;
        }
    }

    /// <summary>Lets the next message pass: the last one has served.</summary>
    public void Forget(string key)
    {
        lock (_gate)
        {
            _sent.Remove(key);
        }
    }
}
