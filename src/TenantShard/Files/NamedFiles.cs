using System.Runtime.CompilerServices;
using Platform.Replication.ObjectStore;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.Files;

/// <summary>
/// Which stored files a state of a tenant names: those that belong into its copy or its backup. The store has others,
/// of records that are gone or were not there yet.
/// </summary>
internal sealed class NamedFiles : IDisposable
{
    private readonly DatabaseConnection _database;
    private readonly SchemaSnapshot _schema;
    private (string CollectionId, string RecordId) _record;
    private HashSet<string> _names = [];

    /// <param name="path">The database file of the state.</param>
    public NamedFiles(string path)
    {
        _database = DatabaseConnection.Open(path, new ConnectionOptions(IsReadOnly: true));
        try
        {
            _schema = SchemaLoader.Load(_database);
        }
        catch
        {
            _database.Dispose();
            throw;
        }
    }

    /// <summary>The objects of a tenant's storage that the state names, thumbnails of named files among them.</summary>
    public async IAsyncEnumerable<ObjectEntry> ListAsync(
        IObjectStore store, string storagePrefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in store.ListAsync(storagePrefix, startAfter: null, cancellationToken))
            if (FileKeys.Parse(entry.Key[storagePrefix.Length..]) is { } file && Has(file)) yield return entry;
    }

    public void Dispose() => _database.Dispose();

    private bool Has(FileReference file)
    {
        // Listings are ordered: the files of one record follow each other.
        if (_record != (file.CollectionId, file.RecordId))
        {
            _names = RecordFiles.ReadNames(_database, _schema, file.CollectionId, file.RecordId);
            _record = (file.CollectionId, file.RecordId);
        }

        return _names.Contains(file.Name);
    }
}
