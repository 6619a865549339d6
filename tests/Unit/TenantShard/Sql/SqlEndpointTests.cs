using System.Text.Json;
using Platform.TenantShard.Tests.Http;

namespace Platform.TenantShard.Tests.Sql;

public sealed class SqlEndpointTests : IAsyncLifetime
{
    private ApiServer _server = null!;
    private string _root = "";

    public async Task InitializeAsync()
    {
        _server = await ApiServer.StartAsync();
        _root = await _server.SuperuserTokenAsync();
        await _server.CreateCollectionAsync(
            """{"name":"posts","type":"base","listRule":"","fields":[{"type":"text","name":"title"},{"type":"number","name":"rank"}]}""");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_query_answers_columns_and_rows_as_text()
    {
        await _server.CreateAsync("posts", """{"title":"Hällo","rank":1.5}""", _root);

        var answer = await RunAsync("SELECT title, rank, NULL AS missing, x'0102' AS bytes, count(*) FROM posts");

        Assert.True(answer.Status == 200, answer.Body);
        Assert.Equal("""[["Hällo","1.5",null,"AQI=","1"]]""", answer.Json.GetProperty("rows").GetRawText());
        Assert.Equal(
            """{"name":"title","nullable":false,"type":"TEXT"}""", answer.Json.GetProperty("columns")[0].GetRawText());
        Assert.Equal(
            """{"name":"missing","nullable":true,"type":""}""", answer.Json.GetProperty("columns")[2].GetRawText());
        Assert.Equal(0, answer.Json.GetProperty("affectedRows").GetInt32());
        Assert.True(answer.Json.GetProperty("execTime").GetDouble() >= 0);
    }

    [Fact]
    public async Task Of_several_statements_all_run_and_the_last_one_answers()
    {
        var answer = await RunAsync("""
            INSERT INTO posts (id, title) VALUES ('a', 'one'), ('b', 'two'); -- a comment
            UPDATE posts SET title = 'three' WHERE id = 'b';
            SELECT id, title FROM posts ORDER BY id; ;
            """);

        Assert.Equal("""[["a","one"],["b","three"]]""", answer.Json.GetProperty("rows").GetRawText());
        Assert.Equal(3, answer.Json.GetProperty("affectedRows").GetInt32());
        var list = await _server.SendAsync("GET", "/api/collections/posts/records");
        Assert.Equal(2, list.Json.GetProperty("totalItems").GetInt32());
    }

    [Fact]
    public async Task A_query_that_fails_changes_nothing()
    {
        var answer = await RunAsync("INSERT INTO posts (id) VALUES ('a'); SELECT missing FROM posts");

        Assert.Equal(400, answer.Status);
        Assert.True(answer.Body.Contains("no such", StringComparison.Ordinal), answer.Body);
        Assert.Contains("Failed to execute query. Raw error: no such column: missing", answer.Body, StringComparison.Ordinal);
        Assert.Equal("""[["0"]]""", (await RunAsync("SELECT count(*) FROM posts")).Json.GetProperty("rows").GetRawText());
    }

    [Fact]
    public async Task Returned_rows_of_a_write_are_shown_and_counted()
    {
        var answer = await RunAsync("INSERT INTO posts (id) VALUES ('a'), ('b') RETURNING id");

        Assert.Equal("""[["a"],["b"]]""", answer.Json.GetProperty("rows").GetRawText());
        Assert.Equal(2, answer.Json.GetProperty("affectedRows").GetInt32());
    }

    [Theory]
    [InlineData("ATTACH '/tmp/other.db' AS other")]
    [InlineData("DETACH main")]
    [InlineData("BEGIN; DELETE FROM posts")]
    [InlineData("COMMIT")]
    [InlineData("ROLLBACK")]
    [InlineData("SAVEPOINT a")]
    [InlineData("RELEASE command")]
    [InlineData("VACUUM")]
    [InlineData("VACUUM INTO '/tmp/stolen.db'")]
    [InlineData("PRAGMA journal_mode=DELETE")]
    [InlineData("PRAGMA wal_checkpoint(TRUNCATE)")]
    [InlineData("PRAGMA wal_autocheckpoint=1")]
    [InlineData("PRAGMA locking_mode=EXCLUSIVE")]
    [InlineData("PRAGMA writable_schema=ON")]
    [InlineData("PRAGMA query_only=OFF")]
    [InlineData("PRAGMA max_page_count=1000000")]
    [InlineData("PRAGMA user_version=7")]
    [InlineData("PRAGMA database_list")]
    [InlineData("PRAGMA mmap_size=0")]
    [InlineData("CREATE TEMP TABLE t (x)")]
    [InlineData("CREATE TEMP VIEW v AS SELECT 1")]
    [InlineData("SELECT load_extension('evil')")]
    [InlineData("SELECT platform_passed_row()")]
    [InlineData("SELECT zeroblob(100000000)")]
    [InlineData("SELECT 1; not sql")]
    public async Task What_reaches_beyond_the_tenants_own_data_is_refused(string query)
    {
        var answer = await RunAsync(query);

        Assert.True(answer.Status == 400, $"{answer.Status} {answer.Body}");
        Assert.Contains("Failed to execute query.", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("data.db", answer.Body, StringComparison.Ordinal);
        // And the connections are as they were.
        Assert.Equal(200, (await RunAsync("INSERT INTO posts (title) VALUES ('x'); SELECT count(*) FROM posts")).Status);
    }

    [Theory]
    [InlineData("PRAGMA table_info(posts)")]
    [InlineData("PRAGMA integrity_check")]
    [InlineData("PRAGMA user_version")]
    [InlineData("PRAGMA optimize")]
    [InlineData("SELECT name FROM sqlite_master WHERE type = 'table'")]
    [InlineData("EXPLAIN QUERY PLAN SELECT * FROM posts")]
    [InlineData("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 5) SELECT x FROM n")]
    [InlineData("CREATE INDEX extra ON posts (rank); DROP INDEX extra")]
    [InlineData("")]
    public async Task What_stays_within_runs(string query)
    {
        var answer = await RunAsync(query);

        Assert.True(answer.Status == (query.Length == 0 ? 400 : 200), answer.Body);
    }

    [Fact]
    public async Task A_long_result_is_cut_and_says_so()
    {
        var answer = await RunAsync(
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 20000) SELECT x FROM n");

        Assert.Equal(10_000, answer.Json.GetProperty("rows").GetArrayLength());
        Assert.True(answer.Json.GetProperty("truncated").GetBoolean());
    }

    [Fact]
    public async Task Collections_follow_what_a_query_did_to_them_or_it_is_undone()
    {
        var changed = await RunAsync("UPDATE _collections SET listRule = NULL WHERE name = 'posts'");
        Assert.Equal(200, changed.Status);
        Assert.Equal(403, (await _server.SendAsync("GET", "/api/collections/posts/records")).Status);

        var broken = await RunAsync("UPDATE _collections SET fields = 'nonsense' WHERE name = 'posts'");
        Assert.Equal(400, broken.Status);
        Assert.Equal(200, (await _server.SendAsync("GET", "/api/collections/posts", token: _root)).Status);
    }

    [Fact]
    public async Task A_query_that_voids_tokens_voids_them_at_once()
    {
        Assert.Equal(200, (await RunAsync("UPDATE _superusers SET tokenKey = 'another'")).Status);
        Assert.Equal(401, (await RunAsync("SELECT 1")).Status);
    }

    [Fact]
    public async Task Only_superusers_may()
    {
        Assert.Equal(401, (await _server.SendAsync("POST", "/api/sql", """{"query":"SELECT 1"}""")).Status);
    }

    private Task<ApiAnswer> RunAsync(string query) =>
        _server.SendAsync("POST", "/api/sql", JsonSerializer.Serialize(new { query }), _root);
}
