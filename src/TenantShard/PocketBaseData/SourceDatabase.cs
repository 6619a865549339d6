using Platform.TenantShard.Database;

namespace Platform.TenantShard.PocketBaseData;

/// <summary>
/// The uploaded <c>data.db</c>. Nothing in it is trusted: it is checked whole, only plain tables are read, and none of
/// its views, triggers and virtual tables ever runs.
/// </summary>
internal sealed class SourceDatabase : IDisposable
{
    /// <summary>The file's name, in the upload and in messages.</summary>
    public const string Name = "data.db";

    private const int DamagesShown = 5;

    private SourceDatabase(DatabaseConnection connection) => Connection = connection;

    public DatabaseConnection Connection { get; }

    public SourceLayout Layout { get; private set; }

    /// <summary>Opens it, takes over what its WAL holds, and checks every page and index.</summary>
    /// <exception cref="ImportRefusedException">It is no database of PocketBase, or it is damaged.</exception>
    public static SourceDatabase Open(string path, CancellationToken cancellationToken)
    {
        DatabaseConnection? connection = null;
        try
        {
            connection = DatabaseConnection.Open(path, new ConnectionOptions(IsReadOnly: false));
            using var interruption = cancellationToken.Register(connection.Interrupt);
            connection.Execute("PRAGMA cell_size_check=ON; PRAGMA query_only=ON;");
            var source = new SourceDatabase(connection);
            source.CheckIntegrity();
            source.Layout = source.FindLayout();
            return source;
        }
        catch (DatabaseException damage) when (!damage.IsInterrupted && !damage.IsFull)
        {
            connection?.Dispose();
            throw new ImportRefusedException(
                Name, "validation_damaged", "The file is no database of PocketBase, or it is damaged or encrypted.", damage);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    /// <summary>The columns of a plain table; empty when there is no such table.</summary>
    public IReadOnlyList<string> Columns(string table)
    {
        var columns = new List<string>();
        if (!IsPlainTable(table)) return columns;
        using var statement = Connection.Prepare("SELECT name FROM pragma_table_info(?1)");
        statement.BindText(1, table);
        while (statement.Step()) columns.Add(statement.Text(0));
        return columns;
    }

    /// <summary>All objects of the schema but indexes and what SQLite keeps for itself.</summary>
    public IReadOnlyList<(string Type, string Name)> Objects()
    {
        var objects = new List<(string, string)>();
        using var statement = Connection.Prepare(
            "SELECT type, name FROM sqlite_master WHERE type <> 'index' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'");
        while (statement.Step()) objects.Add((statement.Text(0), statement.Text(1)));
        return objects;
    }

    public void Dispose() => Connection.Dispose();

    private bool IsPlainTable(string table)
    {
        using var statement = Connection.Prepare(
            "SELECT sql FROM sqlite_master WHERE type = 'table' AND lower(name) = lower(?1)");
        statement.BindText(1, table);
        return statement.Step() && statement.Text(0).StartsWith("CREATE TABLE", StringComparison.OrdinalIgnoreCase);
    }

    private void CheckIntegrity()
    {
        using (var encoding = Connection.Prepare("PRAGMA encoding"))
        {
            encoding.Step();
            if (encoding.Text(0) != "UTF-8")
                throw new ImportRefusedException(
                    Name, "validation_not_supported", $"Its text is {encoding.Text(0)}; only UTF-8 is possible.");
        }

        var damages = new List<string>();
        using var check = Connection.Prepare("PRAGMA integrity_check(20)");
        while (check.Step())
            if (check.Text(0) != "ok") damages.Add(check.Text(0));
        if (damages.Count == 0) return;
        throw new ImportRefusedException(
            [
                .. damages.Take(DamagesShown).Select((damage, index) => new ImportProblem(
                    index == 0 ? Name : $"{Name}#{index + 1}", "validation_damaged",
                    $"The database fails SQLite's integrity check: {damage}")),
            ]);
    }

    private SourceLayout FindLayout()
    {
        var columns = Columns("_collections");
        if (columns.Contains("fields")) return SourceLayout.Current;
        if (columns.Contains("schema") && Columns("_admins").Count > 0) return SourceLayout.Legacy;
        throw new ImportRefusedException(
            Name, "validation_not_supported",
            "It is an SQLite database, but not one of PocketBase: it has no table _collections that this platform knows.");
    }
}
