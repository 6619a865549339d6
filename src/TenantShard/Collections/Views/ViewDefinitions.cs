using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.Collections.Views;

/// <summary>Takes SQL views out of the way of a change of tables, and puts them back.</summary>
internal static class ViewDefinitions
{
    /// <summary>Drops all views and returns them, oldest first.</summary>
    public static List<ViewDefinition> TakeAll(DatabaseConnection connection) => Take(connection, static _ => true);

    /// <summary>Drops the views that use something that does not exist any more, and returns them.</summary>
    public static List<ViewDefinition> TakeBroken(DatabaseConnection connection) =>
        Take(connection, view => !IsValid(connection, view.Name));

    /// <summary>Creates views again. SQLite looks at what they use only when they are read.</summary>
    public static void Restore(DatabaseConnection connection, List<ViewDefinition> views)
    {
        foreach (var view in views) connection.Execute(view.Sql);
    }

    /// <summary>True when the view can be read.</summary>
    public static bool IsValid(DatabaseConnection connection, string name)
    {
        try
        {
            using var statement = connection.Prepare($"SELECT * FROM {SqlName.Quote(name)} LIMIT 0");
            // A cached statement notices a changed schema when it runs, not when it is lent.
            return !statement.Step();
        }
        catch (DatabaseException fault) when (!fault.IsLocalFault)
        {
            return false;
        }
    }

    public static void Drop(DatabaseConnection connection, string name) =>
        connection.Execute($"DROP VIEW IF EXISTS {SqlName.Quote(name)}");

    /// <summary>All views, oldest first.</summary>
    public static List<ViewDefinition> ReadAll(DatabaseConnection connection)
    {
        var views = new List<ViewDefinition>();
        using var statement =
            connection.Prepare("SELECT name, sql FROM sqlite_master WHERE type = 'view' ORDER BY rowid");
        while (statement.Step()) views.Add(new ViewDefinition(statement.Text(0), statement.Text(1)));
        return views;
    }

    private static List<ViewDefinition> Take(DatabaseConnection connection, Func<ViewDefinition, bool> condition)
    {
        var views = ReadAll(connection).FindAll(view => condition(view));
        foreach (var view in views) Drop(connection, view.Name);
        return views;
    }
}
