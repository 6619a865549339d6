using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Filters;
using Platform.TenantShard.Requests;
using Platform.TenantShard.Sorting;

namespace Platform.TenantShard.Tests.Filters;

/// <summary>A filled database in a folder of its own, and what a test asks it.</summary>
public sealed class BlogDatabase : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BlogDatabase()
    {
        Connection = DatabaseConnection.Open(_folder.File("blog.db"), new ConnectionOptions(IsReadOnly: false));
        BlogSchema.Fill(Connection, Schema);
    }

    internal DatabaseConnection Connection { get; }

    internal SchemaSnapshot Schema { get; } = BlogSchema.Create();

    internal static FixedClock Clock { get; } =
        new(new DateTimeOffset(2026, 11, 21, 13, 14, 15, 678, TimeSpan.Zero));

    internal static RequestInfo Guest { get; } = new() { Method = "GET" };

    /// <summary>The numbers at the end of the ids that the filter selects, in order; checks the count too.</summary>
    internal string Select(
        string filter, string collection = "posts", RequestInfo? request = null, FilterOptions? options = null,
        SchemaSnapshot? schema = null)
    {
        schema ??= Schema;
        var compiled = FilterCompiler.Compile(
            schema, schema.FindByName(collection)!, filter, request ?? Guest, options ?? FilterOptions.ForRule(Clock));
        var ids = Run($"SELECT \"id\" FROM \"{collection}\" WHERE {compiled.Where} ORDER BY 1", compiled.Parameters);
        var count = Run($"SELECT count(*) FROM \"{collection}\" WHERE {compiled.Where}", compiled.Parameters);
        Assert.Equal(ids.Count.ToString(), count[0]);
        return string.Join(' ', ids.Select(Number));
    }

    /// <summary>The same for a sort of all records.</summary>
    internal string Sort(
        string sort, string collection = "posts", FilterOptions? options = null, SchemaSnapshot? schema = null)
    {
        schema ??= Schema;
        var compiled = SortCompiler.Compile(
            schema, schema.FindByName(collection)!, sort, Guest, options ?? FilterOptions.ForRule(Clock));
        var ids = Run($"SELECT \"id\" FROM \"{collection}\" ORDER BY {compiled.OrderBy}", compiled.Parameters);
        return string.Join(' ', ids.Select(Number));
    }

    public void Dispose()
    {
        Connection.Dispose();
        _folder.Dispose();
    }

    private static string Number(string id) => id[^3..].TrimStart('0');

    private List<string> Run(string sql, IReadOnlyList<SqlValue> parameters)
    {
        using var statement = Connection.Prepare(sql);
        for (var i = 0; i < parameters.Count; i++) statement.Bind(i + 1, parameters[i]);
        var values = new List<string>();
        while (statement.Step()) values.Add(statement.Text(0));
        return values;
    }
}
