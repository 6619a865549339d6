using Platform.TenantShard.Database;
using SQLitePCL;

namespace Platform.Cluster.Store.Embedded;

/// <summary>
/// The file of the embedded store and its SQL; used by one thread. Every commit is on disk when it returns
/// (<c>synchronous=FULL</c>): nothing else holds the registry.
/// </summary>
internal sealed class EmbeddedDatabase : IDisposable
{
    private const string Schema =
        """
        PRAGMA journal_mode=WAL;
        PRAGMA synchronous=FULL;
        PRAGMA cache_size=-4096;
        PRAGMA locking_mode=EXCLUSIVE;
        CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS entries (
          key TEXT PRIMARY KEY, value BLOB NOT NULL, created INTEGER NOT NULL, modified INTEGER NOT NULL,
          lease INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS entries_lease ON entries (lease) WHERE lease <> 0;
        CREATE TABLE IF NOT EXISTS history (
          revision INTEGER NOT NULL, key TEXT NOT NULL, value BLOB, created INTEGER NOT NULL, lease INTEGER NOT NULL,
          PRIMARY KEY (revision, key)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS leases (id INTEGER PRIMARY KEY, ttl_ms INTEGER NOT NULL);
        """;

    private readonly sqlite3 _handle;
    private readonly Dictionary<string, EmbeddedStatement> _statements = new(StringComparer.Ordinal);

    private EmbeddedDatabase(sqlite3 handle) => _handle = handle;

    /// <param name="path">The file; made when it does not exist.</param>
    /// <param name="revisionFirst">The revision of a new store, before its first change.</param>
    /// <exception cref="ClusterStoreException">The file cannot be opened, or is not ours.</exception>
    public static EmbeddedDatabase Open(string path, long revisionFirst)
    {
        SqliteEngine.EnsureLoaded();
        var flags = raw.SQLITE_OPEN_NOMUTEX | raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE;
        var code = raw.sqlite3_open_v2(path, out var handle, flags, null);
        var database = new EmbeddedDatabase(handle);
        try
        {
            if (code != raw.SQLITE_OK) throw Failure(handle);
            database.Execute(Schema);
            database.Initialise(revisionFirst);
            if (database.ReadMeta("format") is not 1 and var format)
                throw new ClusterStoreException(
                    $"The cluster store has format {format}, which this release does not know.");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public static ClusterStoreException Failure(sqlite3 handle) => new(
        $"The cluster store failed: {raw.sqlite3_errmsg(handle).utf8_to_string()} "
        + $"({raw.sqlite3_extended_errcode(handle)}).");

    public void Execute(string sql)
    {
        if (raw.sqlite3_exec(_handle, sql) != raw.SQLITE_OK) throw Failure(_handle);
    }

    /// <summary>
    /// Undoes the open transaction, if there still is one: SQLite ends it by itself on some failures.
    /// </summary>
    public void Rollback()
    {
        if (raw.sqlite3_get_autocommit(_handle) == 0) Execute("ROLLBACK");
    }

    public long ReadMeta(string name)
    {
        var statement = Prepare("SELECT value FROM meta WHERE name = ?1").Bind(1, name);
        var value = statement.Step() ? statement.Int64(0) : 0;
        statement.Reset();
        return value;
    }

    public void WriteMeta(string name, long value) =>
        Prepare("UPDATE meta SET value = ?2 WHERE name = ?1").Bind(1, name).Bind(2, value).Run();

    public StoreEntry? Get(string key)
    {
        var statement = Prepare("SELECT key, value, created, modified, lease FROM entries WHERE key = ?1").Bind(1, key);
        var entry = statement.Step() ? ReadEntry(statement) : null;
        statement.Reset();
        return entry;
    }

    /// <summary>Entries in <c>[from, to)</c>, or after <paramref name="from"/> when it is exclusive.</summary>
    public List<StoreEntry> List(string from, bool isExclusive, string to, int limit)
    {
        var statement = Prepare(
            $"""
            SELECT key, value, created, modified, lease FROM entries
            WHERE key {(isExclusive ? ">" : ">=")} ?1 AND key < ?2 ORDER BY key LIMIT ?3
            """);
        statement.Bind(1, from).Bind(2, to).Bind(3, limit);
        var entries = new List<StoreEntry>();
        while (statement.Step()) entries.Add(ReadEntry(statement));
        return entries;
    }

    public List<string> KeysOfLease(long leaseId)
    {
        var statement = Prepare("SELECT key FROM entries WHERE lease = ?1 AND lease <> 0").Bind(1, leaseId);
        var keys = new List<string>();
        while (statement.Step()) keys.Add(statement.Text(0));
        return keys;
    }

    public void Put(StoreEntry entry)
    {
        Prepare("INSERT OR REPLACE INTO entries (key, value, created, modified, lease) VALUES (?1, ?2, ?3, ?4, ?5)")
            .Bind(1, entry.Key).Bind(2, entry.Value.Span).Bind(3, entry.CreateRevision).Bind(4, entry.ModRevision)
            .Bind(5, entry.LeaseId).Run();
        Prepare("INSERT INTO history (revision, key, value, created, lease) VALUES (?1, ?2, ?3, ?4, ?5)")
            .Bind(1, entry.ModRevision).Bind(2, entry.Key).Bind(3, entry.Value.Span).Bind(4, entry.CreateRevision)
            .Bind(5, entry.LeaseId).Run();
    }

    public void Delete(string key, long revision)
    {
        Prepare("DELETE FROM entries WHERE key = ?1").Bind(1, key).Run();
        Prepare("INSERT INTO history (revision, key, value, created, lease) VALUES (?1, ?2, ?3, 0, 0)")
            .Bind(1, revision).Bind(2, key).BindNull(3).Run();
    }

    /// <summary>Changes between two revisions, both included, of keys in <c>[from, to)</c>.</summary>
    public List<(long Revision, StoreChange Change)> History(
        long revisionFirst, long revisionLast, string from, string to, int limit)
    {
        var statement = Prepare(
            """
            SELECT revision, key, value, created, lease FROM history
            WHERE revision BETWEEN ?1 AND ?2 AND key >= ?3 AND key < ?4 ORDER BY revision, key LIMIT ?5
            """);
        statement.Bind(1, revisionFirst).Bind(2, revisionLast).Bind(3, from).Bind(4, to).Bind(5, limit);
        var changes = new List<(long Revision, StoreChange Change)>();
        while (statement.Step())
        {
            var key = statement.Text(1);
            var entry = statement.IsNull(2)
                ? null
                : new StoreEntry(key, statement.Blob(2), statement.Int64(3), statement.Int64(0), statement.Int64(4));
            changes.Add((statement.Int64(0), new StoreChange(key, entry)));
        }

        return changes;
    }

    public void ForgetHistory(long upToRevision)
    {
        Prepare("DELETE FROM history WHERE revision <= ?1").Bind(1, upToRevision).Run();
        WriteMeta("compacted", upToRevision);
    }

    public Dictionary<long, TimeSpan> Leases()
    {
        var statement = Prepare("SELECT id, ttl_ms FROM leases");
        var leases = new Dictionary<long, TimeSpan>();
        while (statement.Step()) leases.Add(statement.Int64(0), TimeSpan.FromMilliseconds(statement.Int64(1)));
        return leases;
    }

    public void AddLease(long id, TimeSpan ttl) =>
        Prepare("INSERT INTO leases VALUES (?1, ?2)").Bind(1, id).Bind(2, (long)ttl.TotalMilliseconds).Run();

    public void RemoveLease(long id) => Prepare("DELETE FROM leases WHERE id = ?1").Bind(1, id).Run();

    public void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        _handle.Dispose();
    }

    private void Initialise(long revisionFirst) => Prepare(
        """
        INSERT OR IGNORE INTO meta VALUES
          ('format', 1), ('revision', ?1), ('compacted', ?1), ('lease', 0)
        """).Bind(1, revisionFirst).Run();

    private static StoreEntry ReadEntry(EmbeddedStatement statement) => new(
        statement.Text(0), statement.Blob(1), statement.Int64(2), statement.Int64(3), statement.Int64(4));

    private EmbeddedStatement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = new EmbeddedStatement(_handle, sql);
            _statements.Add(sql, statement);
        }

        return statement;
    }
}
