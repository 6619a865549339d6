namespace Platform.Cluster.Liveness;

/// <summary>
/// What this process sees of all the others. Who loses sight of more than it still sees has trouble of its own, such as a
/// proxy beside it that has died, and is no witness of deaths.
/// </summary>
internal sealed class Surroundings
{
    private int _followed;
    private int _suspected;

    /// <summary>Processes to which a connection is open.</summary>
    public int Followed => Volatile.Read(ref _followed);

    public bool IsWitness => Followed >= Volatile.Read(ref _suspected);

    public void BeginFollowing() => Interlocked.Increment(ref _followed);

    public void EndFollowing() => Interlocked.Decrement(ref _followed);

    public void BeginSuspecting() => Interlocked.Increment(ref _suspected);

    public void EndSuspecting() => Interlocked.Decrement(ref _suspected);
}
