using Platform.TenantShard.Database;

namespace Platform.TenantShard.Tests.Database;

public sealed class DatabaseConnectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Values_of_every_storage_class_come_back_as_they_went_in()
    {
        using var connection = Open();
        using var statement = connection.Prepare("SELECT ?, ?, ?, ?, ?");
        statement.Bind(1, SqlValue.From("päge"));
        statement.Bind(2, SqlValue.From(long.MinValue));
        statement.Bind(3, SqlValue.From(0.1));
        statement.Bind(4, SqlValue.Null);
        statement.BindText(5, ""u8);
        Assert.True(statement.Step());
        Assert.Equal("päge"u8, statement.Utf8(0));
        Assert.Equal(long.MinValue, statement.Int64(1));
        Assert.Equal(0.1, statement.Double(2));
        Assert.True(statement.IsNull(3));
        Assert.Equal(ColumnType.Text, statement.Type(4));
        Assert.False(statement.Step());
    }

    [Fact]
    public void A_statement_comes_from_the_cache_without_the_values_of_its_last_use()
    {
        using var connection = Open();
        Statement first;
        using (first = connection.Prepare("SELECT ?"))
        {
            first.BindText(1, "secret");
            first.Step();
        }

        using var second = connection.Prepare("SELECT ?");
        Assert.Same(first, second);
        second.Step();
        Assert.True(second.IsNull(0));
    }

    [Fact]
    public void The_same_text_may_be_used_twice_at_once()
    {
        using var connection = Open();
        using var outer = connection.Prepare("SELECT 1");
        using var inner = connection.Prepare("SELECT 1");
        Assert.NotSame(outer, inner);
        Assert.True(outer.Step() && inner.Step());
    }

    [Fact]
    public void The_statement_cache_drops_the_least_recently_used_and_stays_bounded()
    {
        using var connection = DatabaseConnection.Open(
            _folder.File("b.db"), new ConnectionOptions(IsReadOnly: false, StatementsMax: 2));
        var one = Lend(connection, "SELECT 1");
        var two = Lend(connection, "SELECT 2");
        Assert.Same(one, Lend(connection, "SELECT 1"));
        Lend(connection, "SELECT 3");
        Assert.Same(one, Lend(connection, "SELECT 1"));
        Assert.NotSame(two, Lend(connection, "SELECT 2"));
    }

    [Fact]
    public void A_reader_refuses_to_write()
    {
        using var writer = Open();
        writer.Execute("CREATE TABLE t (a)");
        using var reader = DatabaseConnection.Open(_folder.File("a.db"), new ConnectionOptions(IsReadOnly: true));
        Assert.Throws<DatabaseException>(() => reader.Execute("INSERT INTO t VALUES (1)"));
    }

    [Fact]
    public void A_reader_sees_a_commit_at_once()
    {
        using var writer = Open();
        writer.Execute("CREATE TABLE t (a)");
        using var reader = DatabaseConnection.Open(_folder.File("a.db"), new ConnectionOptions(IsReadOnly: true));
        writer.Execute("INSERT INTO t VALUES (1)");
        using var count = reader.Prepare("SELECT count(*) FROM t");
        count.Step();
        Assert.Equal(1, count.Int64(0));
    }

    [Fact]
    public void Closing_the_last_connection_does_not_checkpoint_behind_the_replicas_back()
    {
        using (var writer = Open()) writer.Execute("CREATE TABLE t (a)");
        Assert.True(new FileInfo(_folder.File("a.db-wal")).Length > 0);
    }

    [Fact]
    public void A_file_that_is_no_database_is_a_local_fault()
    {
        File.WriteAllText(_folder.File("bad.db"), new string('x', 8192));
        var failure = Assert.Throws<DatabaseException>(
            () => DatabaseConnection.Open(_folder.File("bad.db"), new ConnectionOptions(IsReadOnly: false)));
        Assert.True(failure.IsLocalFault);
    }

    private static Statement Lend(DatabaseConnection connection, string sql)
    {
        using var statement = connection.Prepare(sql);
        statement.Step();
        return statement;
    }

    private DatabaseConnection Open() =>
        DatabaseConnection.Open(_folder.File("a.db"), new ConnectionOptions(IsReadOnly: false));
}
