using Platform.TenantShard.Crons;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Backups;

/// <summary>The backup of a tenant's schedule, and the removal of those before it that are too many.</summary>
internal static class ScheduledBackup
{
    public static async Task RunAsync(ShardFeature tenant, ApiServices services, CancellationToken cancellationToken)
    {
        if (services.Backups is not { } vault) return;
        try
        {
            await CreateAsync(tenant, services, vault, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            await BackupAlert.SendAsync(tenant, services, failure, cancellationToken);
            throw;
        }
    }

    /// <summary>
    /// True when the schedule came while the tenant was closed, or moved: it should have run since its last backup, or,
    /// when there is none, since the settings were changed. Costs one request to object storage.
    /// </summary>
    public static async Task<bool> IsMissedAsync(
        ShardFeature tenant, ApiServices services, CronExpression schedule, CancellationToken cancellationToken)
    {
        if (services.Backups is not { } vault) return false;
        var shard = tenant.Shard;
        var last = await shard.ReadAsync(0, static (scope, _) => ReadChange(scope), cancellationToken);
        using var place = await BackupPlace.OpenAsync(tenant, services, cancellationToken);
        foreach (var backup in Automatic(await vault.ListAsync(place, cancellationToken)))
            if (backup.Modified > last) last = backup.Modified;
        return schedule.HasOccurrence(last, shard.Clock.GetUtcNow());
    }

    private static async Task CreateAsync(
        ShardFeature tenant, ApiServices services, IBackupVault vault, CancellationToken cancellationToken)
    {
        var id = tenant.Shard.Tenant;
        using var turn = services.BackupTurns.Enter(id);
        using var place = await BackupPlace.OpenAsync(tenant, services, cancellationToken);
        var key = BackupKey.AutoAt(tenant.Shard.Clock.GetUtcNow());
        if (!await vault.CreateAsync(place, key, cancellationToken))
            throw ApiException.BadRequest("A backup of this second exists already.");
        var policy = await tenant.Settings.ReadAsync(cancellationToken);
        var surplus = Automatic(await vault.ListAsync(place, cancellationToken))
            .OrderByDescending(static backup => backup.Modified).ThenByDescending(static backup => backup.Key)
            .Skip(Math.Max(1, policy.BackupsKept));
        foreach (var backup in surplus) await vault.DeleteAsync(place, backup.Key, cancellationToken);
    }

    private static IEnumerable<StoredBackup> Automatic(IEnumerable<StoredBackup> backups) =>
        backups.Where(static backup => backup.Key.StartsWith(BackupKey.AutoPrefix, StringComparison.Ordinal));

    private static DateTimeOffset ReadChange(ReadScope scope)
    {
        using var row = scope.Connection.Prepare("SELECT updated FROM _params WHERE id = 'settings'");
        return row.Step() && DateTimeOffset.TryParse(
            row.Text(0), System.Globalization.CultureInfo.InvariantCulture,
            System.Globalization.DateTimeStyles.AssumeUniversal, out var changed)
            ? changed
            : DateTimeOffset.MaxValue;
    }
}
