namespace Platform.Gateway.Proxying;

/// <summary>How many requests of this gateway are held, and the randomness of their pauses.</summary>
internal sealed class HeldRequests(Random random)
{
    private int _count;

    public bool TryEnter(int countMax)
    {
        if (Interlocked.Increment(ref _count) <= countMax) return true;
        Interlocked.Decrement(ref _count);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _count);

    /// <summary>Between a half and the whole of it, so that many that were refused at once do not return at once.</summary>
    public TimeSpan Jitter(TimeSpan pause)
    {
        lock (random) return pause * (0.5 + (random.NextDouble() / 2));
    }
}
