using System.Buffers;
using System.Collections.Frozen;

namespace Platform.TenantShard.Collections.Validation;

/// <summary>What names of collections and fields may be; they become names of tables and columns.</summary>
internal static class NameRules
{
    private static readonly SearchValues<char> WordCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    // Words of the filter language, members that the API adds to records, and names that SQLite gives the row id.
    private static readonly FrozenSet<string> ReservedFields = new[]
    {
        "null", "true", "false", "_rowid_", "rowid", "oid", "collectionId", "collectionName", "expand",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> ReservedAuthFields =
        new[] { "passwordConfirm", "oldPassword" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> ReservedTables =
        new[] { "_collections", "_params", "_migrations", "_logs", Files.FileLedger.Table }
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>One or more of <c>[A-Za-z0-9_]</c>.</summary>
    public static bool IsWord(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(WordCharacters);

    /// <summary>True for a name that filters would read as a back-relation.</summary>
    public static bool HasVia(string name) => name.Contains("_via_", StringComparison.OrdinalIgnoreCase);

    public static bool IsReservedField(string name) => ReservedFields.Contains(name);

    public static bool IsReservedAuthField(string name) => ReservedAuthFields.Contains(name);

    public static bool IsReservedTable(string name) =>
        ReservedTables.Contains(name) || name.StartsWith("sqlite_", StringComparison.OrdinalIgnoreCase);
}
