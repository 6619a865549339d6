using System.Globalization;
using SQLitePCL;

namespace Platform.Replication.Bench.Cost;

/// <summary>The tenant's live database: the sample of people, and one small write at a time.</summary>
internal sealed class TenantDatabase : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly Random _random;
    private readonly int _rows;

    public TenantDatabase(string path, Random random)
    {
        Check(raw.sqlite3_open(path, out _connection));
        // Checkpoints are the replica's matter, also at the end.
        Check(raw.sqlite3_db_config(_connection, 1006, 1, out _));
        Execute("pragma journal_mode=wal; pragma wal_autocheckpoint=0; pragma synchronous=off");
        _random = random;
        Check(raw.sqlite3_prepare_v2(_connection, "select max(rowid) from people", out var statement));
        using (statement)
        {
            _ = raw.sqlite3_step(statement);
            _rows = raw.sqlite3_column_int(statement, 0);
        }
    }

    /// <summary>Half of the writes update a row, the others put a new one in the place of an old one.</summary>
    public void Write()
    {
        var row = _random.Next(1, _rows + 1);
        var text = _random.NextInt64().ToString("x16", CultureInfo.InvariantCulture);
        Execute(_random.Next(2) == 0
            ? string.Create(CultureInfo.InvariantCulture, $"update people set data = '{text}' where rowid = {row}")
            : string.Create(CultureInfo.InvariantCulture, $"""
                begin;
                delete from people where rowid = {row};
                insert into people(rowid, id, email, name, about, data, created)
                values({row}, '{text}', '{text}@example.org', 'Somebody {row}', 'New since today', '', '{text}');
                commit
                """));
    }

    /// <summary>True when everything was moved.</summary>
    public bool Checkpoint()
    {
        Check(raw.sqlite3_prepare_v2(_connection, "pragma wal_checkpoint(truncate)", out var statement));
        using (statement)
        {
            return raw.sqlite3_step(statement) == raw.SQLITE_ROW && raw.sqlite3_column_int(statement, 0) == 0;
        }
    }

    public void Dispose()
    {
        Check(raw.sqlite3_close_v2(_connection));
        _connection.Dispose();
    }

    private void Execute(string sql) => Check(raw.sqlite3_exec(_connection, sql));

    private static void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new InvalidOperationException($"SQLite failed with code {code}.");
        }
    }
}
