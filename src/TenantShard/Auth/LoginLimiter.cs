namespace Platform.TenantShard.Auth;

/// <summary>
/// Counts failed logins of one tenant by identity, in fixed windows of time, so that a password cannot be guessed at the
/// speed of the machine. Identities that do not exist count the same.
/// </summary>
/// <param name="clock">The time.</param>
/// <param name="window">How long a failure counts, at most.</param>
internal sealed class LoginLimiter(TimeProvider clock, TimeSpan window)
{
    /// <summary>
    /// Identities counted at a time. When there are more, all are forgotten: guessing then is spread thin.
    /// </summary>
    private const int IdentitiesMax = 4096;

    private readonly Lock _lock = new();
    private Dictionary<string, int>? _failures;
    private long _windowStart;

    /// <summary>False once the identity has failed <paramref name="failuresMax"/> times in this window.</summary>
    public bool Allows(string identity, int failuresMax)
    {
        lock (_lock)
        {
            Turn();
            return _failures is null || !_failures.TryGetValue(identity, out var count) || count < failuresMax;
        }
    }

    /// <summary>Counts an attempt before its outcome is known; false when there were too many.</summary>
    public bool TryAttempt(string identity, int attemptsMax)
    {
        lock (_lock)
        {
            if (!Allows(identity, attemptsMax)) return false;
            Failed(identity);
            return true;
        }
    }

    public void Failed(string identity)
    {
        lock (_lock)
        {
            Turn();
            _failures ??= new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
            if (_failures.Count >= IdentitiesMax) _failures.Clear();
            _failures[identity] = _failures.GetValueOrDefault(identity) + 1;
        }
    }

    private void Turn()
    {
        if (_failures is not null && clock.GetElapsedTime(_windowStart) < window) return;
        _failures = null;
        _windowStart = clock.GetTimestamp();
    }
}
