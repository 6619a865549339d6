using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Settings;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Templates;

/// <summary>
/// Makes a database that was opened from the template image the tenant's own: fresh token secrets, dates of creation,
/// settings. The shard runs it before the first command of its first commit group when <see cref="IsNeeded"/>; until
/// then no record exists that a token could name, so the empty secrets sign nothing. Running it again changes nothing.
/// </summary>
internal sealed class TenantInitialization(DateTimeOffset now) : WriteCommand<bool>
{
    /// <summary>
    /// The dates in the template image: all tenants share it, so it must not depend on when it was built.
    /// </summary>
    public const string TemplateDate = "2025-01-01 00:00:00.000Z";

    /// <summary>True while the superusers' tokens have no secret.</summary>
    public static bool IsNeeded(SchemaSnapshot schema) =>
        schema.FindByName(SystemCollections.Superusers) is { } superusers && LacksSecret(superusers);

    /// <summary>True when anything was written.</summary>
    public override bool Execute(WriteScope scope)
    {
        if (!IsNeeded(scope.Schema)) return false;
        var created = StoredDate.Format(now);
        var collections = new List<Collection>(scope.Schema.Collections.Count);
        foreach (var collection in scope.Schema.Collections)
        {
            var own = collection with { Created = created, Updated = created };
            if (LacksSecret(collection))
            {
                var options = AuthOptionsJson.Read(collection.Options).WithFreshSecrets();
                own = own with { Options = SystemCollections.ToOptions(options) };
            }

            CollectionRow.Update(scope.Connection, own);
            collections.Add(own);
        }

        SettingsStore.Write(scope.Connection, TenantSettings.Default(), created);
        scope.ReplaceSchema(scope.Schema.With(collections));
        return true;
    }

    private static bool LacksSecret(Collection collection) =>
        collection.Type == CollectionType.Auth
        && collection.Options.TryGetProperty("authToken", out var token)
        && token.TryGetProperty("secret", out var secret)
        && secret.ValueEquals("");
}
