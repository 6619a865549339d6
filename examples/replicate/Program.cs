using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.Replication.Shipping;
using SQLitePCL;

// Writes to a database, ships each commit, loses the database, and restores it: dotnet run --project examples/replicate [FOLDER]
var folder = args is [var given] ? given : Directory.CreateTempSubdirectory("replicate-").FullName;
var path = Path.Combine(folder, "app", "data.db");
Directory.CreateDirectory(Path.GetDirectoryName(path)!);
Batteries_V2.Init();

// S3ObjectStore takes the place of the folder.
using var store = new FolderObjectStore(Path.Combine(folder, "objects"));
var options = new DatabaseReplicaOptions { Store = store, ReplicaPath = "app/data.db", DatabasePath = path };
await using (var replica = await DatabaseReplica.OpenAsync(options, CancellationToken.None))
using (var database = Open(path))
{
    Execute(database, "create table if not exists notes(text)");
    for (var note = 1; note <= 3; note++)
    {
        Execute(database, $"insert into notes values('note {note}')");
        Console.WriteLine($"note {note} is transaction {await replica.ShipAsync(CancellationToken.None)}");
    }
}

Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
var restore = new RestoreOptions
{
    Store = store,
    ReplicaPath = "app/data.db",
    DestinationPath = Path.Combine(folder, "restored.db"),
};
var restored = await DatabaseRestore.RestoreAsync(restore, RestoreTarget.Newest, progress: null, CancellationToken.None);
using var again = Open(restore.DestinationPath);
Console.WriteLine($"restored transaction {restored.Txid} with {Scalar(again, "select count(*) from notes")} notes");

static sqlite3 Open(string file)
{
    Check(raw.sqlite3_open(file, out var database));

    // The replica reads the WAL, so nobody else may empty it: no checkpoint by itself, neither now nor at the close.
    Check(raw.sqlite3_db_config(database, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _));
    Execute(database, "pragma journal_mode=wal; pragma wal_autocheckpoint=0");
    return database;
}

static void Execute(sqlite3 database, string sql) => Check(raw.sqlite3_exec(database, sql));

static int Scalar(sqlite3 database, string sql)
{
    Check(raw.sqlite3_prepare_v2(database, sql, out var statement));
    using (statement)
    {
        return raw.sqlite3_step(statement) == raw.SQLITE_ROW ? raw.sqlite3_column_int(statement, 0) : -1;
    }
}

static void Check(int code)
{
    if (code != raw.SQLITE_OK) throw new InvalidOperationException($"SQLite failed with code {code}.");
}
