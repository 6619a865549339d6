using System.Runtime.CompilerServices;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.Records;

/// <summary>
/// Whether lists of one SQL text matched few rows the last time. For such a list it is cheaper to step through the rest
/// of its matches than to look for them a second time with <c>count(*)</c>: without an index that is half of the work.
/// A wrong guess costs time, never the answer. Used by the one thread that uses the connection, and gone with it.
/// </summary>
internal sealed class MatchHints
{
    /// <summary>Matches up to which stepping is cheaper: more would make the sorter of a large result larger.</summary>
    public const int FewRows = 500;

    /// <summary>Different lists that are remembered; then all are forgotten.</summary>
    private const int ListsMax = 128;

    private static readonly ConditionalWeakTable<DatabaseConnection, MatchHints> Hints = [];

    private readonly Dictionary<string, bool> _matchesFew = new(StringComparer.Ordinal);

    public static MatchHints Of(DatabaseConnection connection) =>
        Hints.GetValue(connection, static _ => new MatchHints());

    public bool ExpectsFew(string sql) => _matchesFew.GetValueOrDefault(sql);

    public void Remember(string sql, long total)
    {
        if (_matchesFew.Count >= ListsMax && !_matchesFew.ContainsKey(sql)) _matchesFew.Clear();
        _matchesFew[sql] = total <= FewRows;
    }
}
