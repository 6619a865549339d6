using System.Globalization;
using SQLitePCL;

namespace Platform.Replication.Tests.Shipping;

/// <summary>A real SQLite database in the role of the tenant shard's: the only writer, checkpoints only when told.</summary>
internal sealed class TestDatabase : IDisposable
{
    private const int NoCheckpointOnClose = 1006;

    private readonly sqlite3 _connection;

    static TestDatabase() => Batteries_V2.Init();

    public TestDatabase(string path, int pageBytes = 4096)
    {
        Path = path;
        Check(raw.sqlite3_open_v2(path, out _connection, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE, null));
        Check(raw.sqlite3_db_config(_connection, NoCheckpointOnClose, 1, out _));
        Execute(string.Create(CultureInfo.InvariantCulture, $"pragma page_size={pageBytes}"));
        Execute("pragma journal_mode=wal");
        Execute("pragma wal_autocheckpoint=0");
        Execute("pragma synchronous=normal");
    }

    public string Path { get; }

    /// <summary>Makes the first image of a new database, complete in its file.</summary>
    public static void CreateTemplate(string path, int pageBytes = 4096)
    {
        using var database = new TestDatabase(path, pageBytes);
        database.Execute("create table t(id integer primary key, v blob)");
        Assert.True(database.Checkpoint());
    }

    public void Execute(string sql)
    {
        Check(raw.sqlite3_exec(_connection, sql));
    }

    public string Scalar(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_connection, sql, out var statement));
        using (statement)
        {
            return raw.sqlite3_step(statement) == raw.SQLITE_ROW
                ? raw.sqlite3_column_text(statement, 0).utf8_to_string()
                : "";
        }
    }

    /// <summary>True when everything was moved.</summary>
    public bool Checkpoint(string mode = "truncate") => Scalar($"pragma wal_checkpoint({mode})") == "0";

    /// <summary>Closes without a checkpoint: what a crash leaves.</summary>
    public void Dispose()
    {
        Check(raw.sqlite3_close_v2(_connection));
        _connection.Dispose();
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new InvalidOperationException(
                $"SQLite {code}: {(_connection is null ? "" : raw.sqlite3_errmsg(_connection).utf8_to_string())}");
        }
    }
}
