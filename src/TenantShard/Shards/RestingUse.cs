namespace Platform.TenantShard.Shards;

/// <summary>A request that does not count as a use of its shard until this is disposed.</summary>
internal sealed class RestingUse(Action resume) : IDisposable
{
    private Action? _resume = resume;

    public void Dispose() => Interlocked.Exchange(ref _resume, null)?.Invoke();
}
