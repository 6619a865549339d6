using System.Globalization;
using SQLitePCL;

namespace Platform.TenantShard.Database;

/// <summary>
/// One SQLite connection, used by one thread at a time, with a bounded cache of prepared statements. Its memory is
/// bounded by the page cache (<see cref="ConnectionOptions.PageCacheKiB"/>) and the statement cache.
/// </summary>
internal sealed class DatabaseConnection : IDisposable
{
    /// <summary>How long an opening waits for another one that recovers the WAL's index, in milliseconds.</summary>
    private const int OpeningWaitMax = 2000;

    private const int ReservePages = 16;

    /// <summary>SQLITE_LIMIT_LENGTH (https://sqlite.org/c3ref/c_limit_attached.html).</summary>
    private const int LengthLimit = 0;

    /// <summary>Bytes of a value, and of a row: far more than a body may bring, far less than a node's memory.</summary>
    private const int ValueBytesMax = 256 << 20;

    private readonly sqlite3 _handle;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);
    private readonly int _statementsMax;
    private long _pagesMax;
    private long _loans;
    private PassedRows? _passedRows;

    private DatabaseConnection(sqlite3 handle, ConnectionOptions options)
    {
        _handle = handle;
        _statementsMax = options.StatementsMax;
        BytesMax = options.DatabaseBytesMax;
    }

    /// <summary>What the tenant may store, in bytes; 0 for no limit.</summary>
    public long BytesMax { get; }

    /// <summary>True outside of any transaction.</summary>
    public bool IsAutoCommit => raw.sqlite3_get_autocommit(_handle) != 0;

    /// <summary>Rows changed by the last INSERT, UPDATE or DELETE.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    /// <summary>Counts the rows of a sorted result; registered with the first use.</summary>
    public PassedRows PassedRows => _passedRows ??= PassedRows.Register(_handle);

    /// <summary>Opens the database file in WAL mode, without automatic checkpoints: the shard owns those.</summary>
    /// <exception cref="DatabaseException">The file cannot be opened or is no database.</exception>
    public static DatabaseConnection Open(string path, ConnectionOptions options)
    {
        SqliteEngine.EnsureLoaded();
        var flags = raw.SQLITE_OPEN_NOMUTEX
            | (options.IsReadOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);
        var code = raw.sqlite3_open_v2(path, out var handle, flags, null);
        var connection = new DatabaseConnection(handle, options);
        try
        {
            if (code != raw.SQLITE_OK) throw connection.Failure();
            raw.sqlite3_extended_result_codes(handle, 1);
            // The first connection after a rest recovers the WAL's index, in which another one must not disturb it. Once
            // open nothing waits, least of all a checkpoint for readers.
            raw.sqlite3_busy_timeout(handle, OpeningWaitMax);
            raw.sqlite3_limit(handle, LengthLimit, ValueBytesMax);
            BoundedFunctions.Register(handle);
            connection.Configure(options);
            connection.Execute("PRAGMA schema_version");
            raw.sqlite3_busy_timeout(handle, 0);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Lends the prepared statement for <paramref name="sql"/>. The text is the cache key: build it once and keep it.
    /// </summary>
    /// <exception cref="DatabaseException">The text is not valid SQL for this schema.</exception>
    public Statement Prepare(string sql)
    {
        if (_statements.TryGetValue(sql, out var cached) && !cached.IsOnLoan)
        {
            cached.IsOnLoan = true;
            cached.LastLoan = ++_loans;
            return cached;
        }

        return PrepareNew(sql, isCached: cached is null);
    }

    /// <summary>Prepares a statement that is not kept.</summary>
    /// <exception cref="DatabaseException">The text is not valid SQL for this schema.</exception>
    public Statement PrepareOnce(string sql) => PrepareNew(sql, isCached: false);

    /// <summary>
    /// Prepares the first statement of a text, not to be kept; null when the text holds no more than blanks and comments.
    /// </summary>
    /// <exception cref="DatabaseException">The text is not valid SQL for this schema, or not allowed.</exception>
    public Statement? PrepareNext(string sql, out string rest)
    {
        if (raw.sqlite3_prepare_v2(_handle, sql, out var handle, out rest) != raw.SQLITE_OK) throw Failure();
        if (!handle.IsInvalid) return new Statement(this, sql, handle, isCached: false) { IsOnLoan = true };
        handle.Dispose();
        return null;
    }

    /// <summary>Lets SQLite ask before it does anything, and bounds the size of a value, until it is disposed.</summary>
    public ConnectionRestriction Restrict(strdelegate_authorizer decide, int valueBytesMax) =>
        new(_handle, decide, valueBytesMax);

    /// <summary>Runs one or more statements without parameters or results.</summary>
    public void Execute(string sql)
    {
        if (raw.sqlite3_exec(_handle, sql) != raw.SQLITE_OK) throw Failure();
    }

    /// <summary>
    /// Runs a write that a removal needs even when the database has reached its limit: it may go past it by a few pages.
    /// </summary>
    public void RunWithReserve(Action write)
    {
        if (_pagesMax == 0)
        {
            write();
            return;
        }

        LimitPages(_pagesMax + ReservePages);
        try
        {
            write();
        }
        finally
        {
            LimitPages(_pagesMax);
        }
    }

    /// <summary>Makes the running statement fail with SQLITE_INTERRUPT. The only member for other threads.</summary>
    public void Interrupt() => raw.sqlite3_interrupt(_handle);

    /// <summary>SQLite itself refuses to grow past the limit, with SQLITE_FULL: no write can slip through.</summary>
    public void LimitSize(long bytesMax)
    {
        using var pageSize = Prepare("PRAGMA page_size");
        pageSize.Step();
        _pagesMax = Math.Max(1, bytesMax / pageSize.Int64(0));
        LimitPages(_pagesMax);
    }

    /// <summary>The size of the database, in bytes, as the running transaction leaves it.</summary>
    public long FileBytes()
    {
        using var size = Prepare("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()");
        size.Step();
        return size.Int64(0);
    }

    /// <summary>Gives back page-cache memory that is not in use.</summary>
    public void ReleaseMemory() => Execute("PRAGMA shrink_memory");

    /// <summary>Finalizes all idle statements; needed before a schema change that would keep their plans alive.</summary>
    public void ForgetStatements()
    {
        foreach (var statement in _statements.Values)
        {
            statement.IsCached = false;
            if (!statement.IsOnLoan) statement.Close();
        }

        _statements.Clear();
    }

    public void Dispose()
    {
        ForgetStatements();
        _handle.Dispose();
    }

    internal DatabaseException Failure() =>
        new(raw.sqlite3_extended_errcode(_handle), raw.sqlite3_errmsg(_handle).utf8_to_string());

    private Statement PrepareNew(string sql, bool isCached)
    {
        var code = raw.sqlite3_prepare_v2(_handle, sql, out var handle);
        if (code != raw.SQLITE_OK) throw Failure();
        var statement = new Statement(this, sql, handle, isCached) { IsOnLoan = true, LastLoan = ++_loans };
        if (isCached)
        {
            if (_statements.Count >= _statementsMax) DropOldest();
            _statements.Add(sql, statement);
        }

        return statement;
    }

    private void DropOldest()
    {
        Statement? oldest = null;
        foreach (var statement in _statements.Values)
            if (!statement.IsOnLoan && (oldest is null || statement.LastLoan < oldest.LastLoan)) oldest = statement;
        if (oldest is null) return;
        _statements.Remove(oldest.Sql);
        oldest.Close();
    }

    private void Configure(ConnectionOptions options)
    {
        // temp_store keeps sorters off the tenant's disk quota.
        Execute($"""
            PRAGMA cache_size=-{options.PageCacheKiB};
            PRAGMA temp_store=MEMORY;
            PRAGMA trusted_schema=OFF;
            PRAGMA foreign_keys=OFF;
            """);
        // The last connection to close would checkpoint by itself, behind the replica's back.
        raw.sqlite3_db_config(_handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);
        if (options.IsReadOnly)
        {
            // Readers look at the kernel's page cache in place: a scan of a database larger than the connection's own
            // cache would copy every page, again and again. Never the writer, which may shrink the file.
            Execute(string.Create(CultureInfo.InvariantCulture, $"""
                PRAGMA mmap_size={options.MappedBytesMax};
                PRAGMA query_only=ON;
                """));
            return;
        }

        // No fsync at all, neither at a commit nor at a checkpoint, where the writes of a tenant would wait for it:
        // object storage is the truth, and a local copy that a loss of power may have damaged is recognised by the
        // machine's boot and restored (src/Replication/Shipping/DESIGN.md). A killed process loses nothing by this.
        Execute("""
            PRAGMA journal_mode=WAL;
            PRAGMA synchronous=OFF;
            PRAGMA wal_autocheckpoint=0;
            PRAGMA locking_mode=NORMAL;
            """);
        if (options.DatabaseBytesMax > 0) LimitSize(options.DatabaseBytesMax);
    }

    private void LimitPages(long pages) =>
        Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count={pages}"));
}
