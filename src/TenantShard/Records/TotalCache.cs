using System.Runtime.CompilerServices;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.Records;

/// <summary>
/// Totals that a reader connection has counted, good until it sees another commit. Counting is most of the cost of a
/// filtered list, and clients that page or refresh ask for the same total again and again. Used by the one thread that
/// uses the connection, and gone with it.
/// </summary>
internal sealed class TotalCache
{
    /// <summary>Different filters kept between two commits, each a few hundred bytes.</summary>
    private const int TotalsMax = 64;

    // Counts the commits of other connections that this one has seen; within a read transaction it stands still.
    private const string VersionSql = "PRAGMA data_version";

    private static readonly ConditionalWeakTable<DatabaseConnection, TotalCache> Caches = [];

    private readonly List<Entry> _totals = [];
    private long _version = -1;

    /// <summary>
    /// The result of a <c>SELECT count(*)</c>. A statement of the connection must be open, so that the total is of the
    /// same snapshot.
    /// </summary>
    public static long Count(DatabaseConnection connection, string sql, RowFilter? filter)
    {
        var cache = Caches.GetValue(connection, static _ => new TotalCache());
        cache.Turn(connection);
        foreach (var entry in cache._totals)
            if (entry.Sql == sql && IsSame(entry.Filter, filter)) return entry.Total;
        var total = Run(connection, sql, filter);
        if (cache._totals.Count >= TotalsMax) cache._totals.Clear();
        cache._totals.Add(new Entry(sql, filter, total));
        return total;
    }

    private static long Run(DatabaseConnection connection, string sql, RowFilter? filter)
    {
        using var row = connection.Prepare(sql);
        filter?.Bind(row, 1);
        row.Step();
        return row.Int64(0);
    }

    private static bool IsSame(RowFilter? left, RowFilter? right)
    {
        if (left is null || right is null) return left is null && right is null;
        if (left.Parameters.Count != right.Parameters.Count) return false;
        for (var index = 0; index < left.Parameters.Count; index++)
            if (!IsSame(left.Parameters[index], right.Parameters[index])) return false;
        return true;
    }

    private static bool IsSame(in SqlValue left, in SqlValue right) =>
        left.Type == right.Type && left.Integer == right.Integer && left.Text == right.Text;

    private void Turn(DatabaseConnection connection)
    {
        using var row = connection.Prepare(VersionSql);
        row.Step();
        var version = row.Int64(0);
        if (version == _version) return;
        _totals.Clear();
        _version = version;
    }

    private readonly record struct Entry(string Sql, RowFilter? Filter, long Total);
}
