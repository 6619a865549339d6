using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Settings;

/// <summary>A tenant's <see cref="RequestPolicy"/>, read once and again after a change.</summary>
internal sealed class SettingsCache(IShard shard)
{
    private Entry? _known;
    private long _version;

    /// <summary>What was read last; the defaults when nothing was.</summary>
    public RequestPolicy Known => Volatile.Read(ref _known)?.Policy ?? RequestPolicy.Default;

    /// <summary>To be called after whatever may have changed the stored settings, also when it failed.</summary>
    public void Invalidate() => Interlocked.Increment(ref _version);

    public ValueTask<RequestPolicy> ReadAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref _known) is { } known && known.Version == Volatile.Read(ref _version)
            ? ValueTask.FromResult(known.Policy)
            : LoadAsync(cancellationToken);

    private async ValueTask<RequestPolicy> LoadAsync(CancellationToken cancellationToken)
    {
        // Before the read: a change in between makes what is read here old.
        var version = Volatile.Read(ref _version);
        var policy = await shard.ReadAsync(0, static (scope, _) => Read(scope), cancellationToken);
        Volatile.Write(ref _known, new Entry(policy, version));
        return policy;
    }

    private static RequestPolicy Read(ReadScope scope)
    {
        try
        {
            return RequestPolicy.From(SettingsStore.Read(scope.Connection));
        }
        catch (InvalidDataException)
        {
            // Unreadable settings, such as encrypted ones, must not close the tenant; whoever asks for them is told.
            return RequestPolicy.Default;
        }
    }

    private sealed record Entry(RequestPolicy Policy, long Version);
}
