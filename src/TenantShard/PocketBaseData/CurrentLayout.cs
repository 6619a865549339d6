using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.PocketBaseData;

/// <summary>Reads a database of PocketBase 0.23 or later: a tenant's own layout.</summary>
internal static class CurrentLayout
{
    private const string SettingsLost = "The tenant gets the default settings (name, mail server, limits).";

    /// <exception cref="ImportRefusedException">A row of <c>_collections</c> holds no valid collection.</exception>
    public static SourceApp Read(SourceDatabase source, ImportNotes notes)
    {
        try
        {
            var collections = SchemaLoader.Load(source.Connection).Collections
                .Select(collection => new SourceCollection
                {
                    Collection = collection,
                    Table = collection.Type == CollectionType.View ? null : collection.Name,
                });
            return new SourceApp(
                [.. collections], StoredSettings.Read(source.Connection, "id", SettingsLost, notes));
        }
        catch (Exception fault) when (fault is InvalidDataException or ArgumentException)
        {
            // Two collections with one id or name fail as an argument of the schema.
            throw new ImportRefusedException(
                $"{SourceDatabase.Name}/_collections", "validation_invalid_collection", fault.Message, fault);
        }
        catch (DatabaseException fault) when (!fault.IsLocalFault && !fault.IsInterrupted)
        {
            throw new ImportRefusedException(
                $"{SourceDatabase.Name}/_collections", "validation_invalid_collection",
                $"The table is not one of PocketBase: {fault.Reason}.", fault);
        }
    }
}
