using System.Collections.Concurrent;
using Platform.Messages.Identity;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Backups;

/// <summary>One backup or restore of a tenant at a time.</summary>
internal sealed class BackupTurns
{
    private readonly ConcurrentDictionary<TenantId, byte> _busy = new();

    public bool IsFree(TenantId tenant) => !_busy.ContainsKey(tenant);

    /// <summary>The turn, which ends when it is disposed.</summary>
    /// <exception cref="ApiException">400: another one is under way.</exception>
    public IDisposable Enter(TenantId tenant) => _busy.TryAdd(tenant, 0)
        ? new Turn(this, tenant)
        : throw ApiException.BadRequest(
            "Try again later - another backup/restore process has already been started.");

    private sealed class Turn(BackupTurns turns, TenantId tenant) : IDisposable
    {
        public void Dispose() => turns._busy.TryRemove(tenant, out _);
    }
}
