using System.Diagnostics;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.Tests.Database;

public sealed class BoundedFunctionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DatabaseConnection _connection;

    public BoundedFunctionsTests() => _connection = DatabaseConnection.Open(
        Path.Combine(_folder.Path, "data.db"), new ConnectionOptions(IsReadOnly: false));

    public void Dispose()
    {
        _connection.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("instr(zeroblob(30000000), zeroblob(15000000) || x'01')")]
    [InlineData("replace(hex(zeroblob(8000000)), hex(zeroblob(4000000)) || 'b', '')")]
    [InlineData("trim(hex(zeroblob(8000000)), replace(hex(zeroblob(4000000)), '00', 'ab') || '0')")]
    [InlineData("ltrim(hex(zeroblob(8000000)), replace(hex(zeroblob(4000000)), '00', 'ab') || '0')")]
    [InlineData("rtrim(hex(zeroblob(8000000)), replace(hex(zeroblob(4000000)), '00', 'ab') || '0')")]
    [InlineData("hex(zeroblob(8000000)) LIKE '%' || substr(hex(zeroblob(8000000)), 1, 20000) || 'b%'")]
    [InlineData("hex(zeroblob(8000000)) LIKE '%' || substr(hex(zeroblob(8000000)), 1, 20000) || 'b%' ESCAPE '!'")]
    [InlineData("hex(zeroblob(8000000)) GLOB '*' || substr(hex(zeroblob(8000000)), 1, 20000) || 'b*'")]
    [InlineData("printf('%.*c', 2147483647, 'x')")]
    [InlineData("printf('%.*c%.*c', 16777000, 'x', 16777000, 'x')")]
    [InlineData("printf('%2147483647d', 1)")]
    [InlineData("format('%s %.99999999999999999999c', 'a', 'x')")]
    [InlineData("json_patch(json_object('a', hex(zeroblob(100000))), json_object('b', hex(zeroblob(100000))))")]
    public void A_call_that_no_interrupt_could_end_is_refused_at_once(string call)
    {
        var started = Stopwatch.GetTimestamp();

        var failure = Assert.Throws<DatabaseException>(() => Text($"SELECT {call}"));

        Assert.Matches("too long|too complex", failure.Reason);
        Assert.Equal(18, failure.PrimaryCode);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(5), call);
    }

    [Theory]
    [InlineData("instr('Hällo', 'l')", "3")]
    [InlineData("instr(x'010203', x'03')", "3")]
    [InlineData("instr(NULL, 'a') IS NULL", "1")]
    [InlineData("replace('aXbXc', 'X', '--')", "a--b--c")]
    [InlineData("replace(1231, 1, 'x')", "x23x")]
    [InlineData("trim('xxaxx', 'x') || ltrim('xxaxx', 'x') || rtrim('xxaxx', 'x') || trim('  b ')", "aaxxxxab")]
    [InlineData("printf('%05d|%-5s|%,d|%%|%.2f|%s', 42, 'ab', 1234567, 2.5, NULL)", "00042|ab   |1,234,567|%|2.50|")]
    [InlineData("printf('%*d|%.*f', 6, 7, 2, 3.14159)", "     7|3.14")]
    [InlineData("printf() IS NULL", "1")]
    [InlineData("json_array(json_patch('{\"a\":1}', '{\"b\":2}'))", "[{\"a\":1,\"b\":2}]")]
    [InlineData("typeof(instr('a', 'a')) || typeof(replace(x'61', 'b', 'c'))", "integertext")]
    [InlineData("'Hällo Wörld' LIKE '%LLO w_rld'", "1")]
    [InlineData("'a' LIKE '' OR 'a' LIKE 'b'", "0")]
    [InlineData("'' LIKE '' AND '' LIKE '%' AND '' GLOB '*'", "1")]
    [InlineData("'50%' LIKE '50!%' ESCAPE '!'", "1")]
    [InlineData("'50x' LIKE '50ä%' ESCAPE 'ä'", "0")]
    [InlineData("('a' LIKE NULL) IS NULL AND (NULL LIKE 'a') IS NULL AND ('a' LIKE 'a' ESCAPE NULL) IS NULL", "1")]
    [InlineData("123 LIKE '1%'", "1")]
    [InlineData("'abc' GLOB 'a[b-c]?' AND NOT 'ABC' GLOB 'a*'", "1")]
    public void Within_its_bound_a_function_answers_as_ever(string call, string expected) =>
        Assert.Equal(expected, Text($"SELECT {call}"));

    [Theory]
    [InlineData("'a' LIKE 'a' ESCAPE 'ab'", "ESCAPE expression must be a single character")]
    [InlineData("json_patch('{', '{}')", "malformed JSON")]
    public void Its_own_errors_stay_too(string call, string reason) =>
        Assert.Equal(reason, Assert.Throws<DatabaseException>(() => Text($"SELECT {call}")).Reason);

    [Fact]
    public void Indexes_and_views_may_use_them()
    {
        _connection.Execute("""
            CREATE TABLE posts (title TEXT);
            CREATE INDEX words ON posts (instr(title, ' '), replace(title, 'a', 'b')) WHERE title LIKE 'h%';
            CREATE VIEW firsts AS SELECT substr(title, 1, instr(title, ' ')) AS first FROM posts;
            INSERT INTO posts VALUES ('hello world');
            """);

        Assert.Equal("hello ", Text("SELECT first FROM firsts"));
    }

    [Fact]
    public void A_value_cannot_take_all_memory() =>
        Assert.Equal(18, Assert.Throws<DatabaseException>(() => Text("SELECT zeroblob(900000000)")).PrimaryCode);

    private string Text(string sql)
    {
        using var statement = _connection.PrepareOnce(sql);
        Assert.True(statement.Step());
        return statement.Text(0);
    }
}
