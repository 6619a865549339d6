using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Platform.TenantShard.Database;
using SQLitePCL;

namespace Platform.TenantShard.Tests.Fuzzing;

/// <summary>What the statements of a connection touch, as SQLite itself reports it while it prepares them.</summary>
internal sealed class SqlWitness
{
    private readonly ConcurrentDictionary<string, byte> _seen = new(StringComparer.Ordinal);

    // Kept alive as long as the witness: SQLite calls it.
    private readonly strdelegate_authorizer _authorize;

    private SqlWitness() => _authorize = (_, action, first, second, _, _) =>
    {
        _seen.TryAdd(Name(action, first, second), 0);
        return raw.SQLITE_OK;
    };

    /// <summary>Such as <c>read posts</c>, <c>insert posts</c>, <c>call lower</c> or <c>action 24</c>.</summary>
    public IEnumerable<string> Seen => _seen.Keys;

    public static SqlWitness Watch(DatabaseConnection connection)
    {
        // Its first use declares the table, for which SQLite asks as if one were created.
        connection.Execute("SELECT value FROM json_each('[]')");
        // The product has no use for an authorizer, so its connection does not offer one.
        var handle = (sqlite3)typeof(DatabaseConnection)
            .GetField("_handle", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(connection)!;
        var witness = new SqlWitness();
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_set_authorizer(handle, witness._authorize, null));
        return witness;
    }

    private static string Name(int action, string? first, string? second) => action switch
    {
        raw.SQLITE_READ => "read " + first,
        raw.SQLITE_INSERT => "insert " + first,
        raw.SQLITE_UPDATE => "update " + first,
        raw.SQLITE_DELETE => "delete " + first,
        raw.SQLITE_FUNCTION => "call " + second,
        raw.SQLITE_SELECT or raw.SQLITE_RECURSIVE => "select",
        raw.SQLITE_TRANSACTION or raw.SQLITE_SAVEPOINT => "transaction",
        _ => string.Create(CultureInfo.InvariantCulture, $"action {action} {first}"),
    };
}
