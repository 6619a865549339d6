using Platform.TenantShard.Database;

namespace Platform.TenantShard.Collections.Validation;

/// <summary>Names that a database uses already.</summary>
internal static class DatabaseNames
{
    public static bool HasTable(DatabaseConnection connection, string name)
    {
        using var statement = connection.Prepare(
            "SELECT 1 FROM sqlite_master WHERE type IN ('table', 'view') AND lower(name) = lower(?1)");
        statement.BindText(1, name);
        return statement.Step();
    }

    /// <summary>The table of the index of that name, or null.</summary>
    public static string? TableOfIndex(DatabaseConnection connection, string index)
    {
        using var statement = connection.Prepare(
            "SELECT tbl_name FROM sqlite_master WHERE type = 'index' AND lower(name) = lower(?1)");
        statement.BindText(1, index);
        return statement.Step() ? statement.Text(0) : null;
    }
}
