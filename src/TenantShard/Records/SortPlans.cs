using System.Runtime.CompilerServices;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Records;

/// <summary>
/// Whether SQLite sorts the whole result of a statement before its first row comes out, as it must where no index has
/// the order. What a reader connection has found is kept for the schema that it was found with; a wrong one would cost
/// time, never the answer. Used by the one thread that uses the connection, and gone with it.
/// </summary>
internal sealed class SortPlans
{
    /// <summary>Statements that are known at the same time.</summary>
    private const int PlansMax = 128;

    private static readonly ConditionalWeakTable<DatabaseConnection, SortPlans> Connections = [];

    private readonly Dictionary<string, bool> _plans = new(StringComparer.Ordinal);
    private SchemaSnapshot? _schema;

    /// <summary>
    /// How EXPLAIN QUERY PLAN says it. An order that an index has in part reads otherwise ("FOR RIGHT PART OF ...").
    /// </summary>
    private static ReadOnlySpan<byte> SortStep => "USE TEMP B-TREE FOR ORDER BY"u8;

    public static bool SortsEverything(ReadScope scope, string sql, Action<Statement> bind)
    {
        var known = Connections.GetValue(scope.Connection, static _ => new SortPlans());
        if (known._schema != scope.Schema || known._plans.Count >= PlansMax)
        {
            known._plans.Clear();
            known._schema = scope.Schema;
        }

        if (known._plans.TryGetValue(sql, out var sorts)) return sorts;
        return known._plans[sql] = Ask(scope.Connection, sql, bind);
    }

    private static bool Ask(DatabaseConnection connection, string sql, Action<Statement> bind)
    {
        // Not from the cache: an EXPLAIN is not compiled again when the schema has changed.
        using var plan = connection.PrepareOnce("EXPLAIN QUERY PLAN " + sql);
        // The values may decide, if the database has statistics.
        bind(plan);
        while (plan.Step())
        {
            // Columns: id, parent, unused, text (https://sqlite.org/eqp.html). Parent 0: not a step of a subquery.
            if (plan.Int64(1) == 0 && plan.Utf8(3).SequenceEqual(SortStep)) return true;
        }

        return false;
    }
}
