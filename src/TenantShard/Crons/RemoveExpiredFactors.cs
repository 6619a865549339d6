using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Records;
using Platform.TenantShard.Shards;
using Platform.TenantShard.Templates;

namespace Platform.TenantShard.Crons;

/// <summary>Removes what a login had to be finished with and was not in time: sessions and one-time passwords.</summary>
internal sealed class RemoveExpiredFactors(
    string table, IReadOnlyList<(string CollectionId, string Before)> expired) : WriteCommand<bool>
{
    public const string Mfas = SystemCollections.Mfas;
    public const string Otps = SystemCollections.Otps;

    /// <summary>A read first: without anything to remove there is no transaction, and nothing to store.</summary>
    public static async Task RunAsync(IShard shard, string table, CancellationToken cancellationToken)
    {
        if (TenantInitialization.IsNeeded(shard.Schema)) return;
        var now = shard.Clock.GetUtcNow();
        var expired = new List<(string, string)>();
        foreach (var collection in shard.Schema.Collections)
        {
            if (collection.Type != CollectionType.Auth || CollectionPlan.For(collection).Auth is not { } auth) continue;
            var seconds = table == Mfas ? auth.Mfa.DurationSeconds : auth.Otp.DurationSeconds;
            expired.Add((collection.Id, StoredDate.Format(now.AddSeconds(-seconds))));
        }

        var command = new RemoveExpiredFactors(table, expired);
        if (await shard.ReadAsync(command, static (scope, command) => command.IsNeeded(scope), cancellationToken))
            await shard.WriteAsync(command, cancellationToken);
    }

    public override bool Execute(WriteScope scope)
    {
        foreach (var (collectionId, before) in expired)
            ObservedRows.Delete(scope, table, "collectionRef = ?1 AND created <= ?2", collectionId, before);
        return true;
    }

    private bool IsNeeded(ReadScope scope)
    {
        foreach (var (collectionId, before) in expired)
        {
            using var any = scope.Connection.Prepare(
                $"SELECT 1 FROM `{table}` WHERE collectionRef = ?1 AND created <= ?2 LIMIT 1");
            any.BindText(1, collectionId);
            any.BindText(2, before);
            if (any.Step()) return true;
        }

        return false;
    }
}
