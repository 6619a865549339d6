using System.Text.Json;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Shards;
using Platform.TenantShard.Templates;

namespace Platform.TenantShard.Tests.Collections;

/// <summary>A new tenant's database on disk; runs commands as the shard does: each in a savepoint.</summary>
internal sealed class TenantDatabase : IDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 8, 7, 6, 5, 4, 321, TimeSpan.Zero);

    public static readonly TimeProvider Clock = new StoppedClock(Now);

    private readonly TemporaryFolder _folder = new();

    public TenantDatabase()
    {
        Path = _folder.File("data.db");
        File.WriteAllBytes(Path, TemplateImage.Bytes.ToArray());
        Connection = DatabaseConnection.Open(Path, new ConnectionOptions(IsReadOnly: false));
        Schema = SchemaLoader.Load(Connection);
    }

    public string Path { get; }

    public DatabaseConnection Connection { get; }

    public SchemaSnapshot Schema { get; private set; }

    public TResult Run<TResult>(WriteCommand<TResult> command)
    {
        Connection.Execute("BEGIN; SAVEPOINT command");
        var scope = new WriteScope(Connection, Schema);
        try
        {
            var result = command.Execute(scope);
            Connection.Execute("RELEASE command");
            Schema = scope.Schema;
            return result;
        }
        catch
        {
            Connection.Execute("ROLLBACK TO command; RELEASE command");
            throw;
        }
        finally
        {
            Connection.Execute("COMMIT");
        }
    }

    public Collection Create(string json) => Run(new CreateCollection(Json(json), Clock));

    public Collection Update(string idOrName, string json) => Run(new UpdateCollection(idOrName, Json(json), Clock));

    public void Execute(string sql) => Connection.Execute(sql);

    public ApiException Refused<TResult>(WriteCommand<TResult> command)
    {
        var before = Dump();
        var refusal = Assert.Throws<ApiException>(() => { Run(command); });
        Assert.Equal(before, Dump());
        return refusal;
    }

    public string Scalar(string sql)
    {
        using var statement = Connection.Prepare(sql);
        Assert.True(statement.Step());
        return statement.Text(0);
    }

    public List<string> Rows(string sql)
    {
        var rows = new List<string>();
        using var statement = Connection.Prepare(sql);
        while (statement.Step())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, statement.ColumnCount)
                .Select(column => statement.IsNull(column) ? "NULL" : statement.Text(column))));
        }

        return rows;
    }

    public static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement.Clone();

    /// <summary>The error at a path such as <c>fields.0.name</c>.</summary>
    public static FieldError ErrorAt(ApiException refusal, string path)
    {
        var errors = refusal.FieldErrors;
        var error = default(FieldError);
        foreach (var part in path.Split('.'))
        {
            Assert.True(errors.TryGetValue(part, out error), $"no error at {part} of {path}");
            errors = error.Nested ?? new Dictionary<string, FieldError>();
        }

        return error;
    }

    public void Dispose()
    {
        Connection.Dispose();
        _folder.Dispose();
    }

    private string Dump() => string.Join('\n', [
        .. Rows("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name"),
        .. Rows("SELECT * FROM _collections ORDER BY id"),
    ]);

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
