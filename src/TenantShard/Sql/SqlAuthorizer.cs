using SQLitePCL;

namespace Platform.TenantShard.Sql;

/// <summary>
/// What a superuser's own SQL may do: everything within the tenant's database. Not: other files, the transaction that it
/// runs in, pragmas that change how the database is kept, and what lives on the connection only, which the next request
/// would find there.
/// </summary>
internal static class SqlAuthorizer
{
    /// <summary>Pragmas that only look, by name.</summary>
    private static readonly HashSet<string> LookingPragmas = new(StringComparer.OrdinalIgnoreCase)
    {
        "application_id", "collation_list", "compile_options", "data_version", "encoding", "foreign_key_check",
        "foreign_key_list", "freelist_count", "function_list", "index_info", "index_list", "index_xinfo",
        "integrity_check", "module_list", "page_count", "page_size", "quick_check", "schema_version", "table_info",
        "table_list", "table_xinfo", "user_version",
    };

    /// <summary>Of those, the ones that set something when they have a value.</summary>
    private static readonly HashSet<string> SettingPragmas = new(StringComparer.OrdinalIgnoreCase)
    {
        "application_id", "encoding", "page_size", "schema_version", "user_version",
    };

    private static readonly HashSet<string> RefusedFunctions = new(StringComparer.OrdinalIgnoreCase)
    {
        "load_extension", "fts3_tokenizer", "platform_passed_row",
    };

    /// <summary>SQLite's authorizer (https://sqlite.org/c3ref/set_authorizer.html): the code of its answer.</summary>
    public static readonly strdelegate_authorizer Decide = static (_, action, first, second, _, _) =>
        IsAllowed(action, first, second) ? raw.SQLITE_OK : raw.SQLITE_DENY;

    private static bool IsAllowed(int action, string? first, string? second) => action switch
    {
        raw.SQLITE_ATTACH or raw.SQLITE_DETACH => false,
        raw.SQLITE_TRANSACTION or raw.SQLITE_SAVEPOINT => false,
        raw.SQLITE_CREATE_TEMP_INDEX or raw.SQLITE_CREATE_TEMP_TABLE => false,
        raw.SQLITE_CREATE_TEMP_TRIGGER or raw.SQLITE_CREATE_TEMP_VIEW => false,
        raw.SQLITE_FUNCTION => second is null || !RefusedFunctions.Contains(second),
        raw.SQLITE_PRAGMA => first is not null && (string.Equals(first, "optimize", StringComparison.OrdinalIgnoreCase)
            || (LookingPragmas.Contains(first) && (second is null || !SettingPragmas.Contains(first)))),
        _ => true,
    };
}
