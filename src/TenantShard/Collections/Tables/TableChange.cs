using System.Globalization;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Collections.Views;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Collections.Tables;

/// <summary>
/// Brings a table from one state of its collection to the next. Columns are matched by the ids of their fields, so that
/// a renamed field keeps its data. Every step is an ALTER TABLE that SQLite does in place, but for a field that turns
/// from one value to many or back: its column is written anew.
/// </summary>
internal sealed class TableChange(
    DatabaseConnection connection, Collection original, Collection collection, string failure)
{
    /// <summary>SQLITE_ERROR: the statement does not fit the schema.</summary>
    private const int SqliteError = 1;

    private readonly string _table = SqlName.Quote(
        IsSameName(original.Name, collection.Name) ? original.Name : collection.Name);

    /// <exception cref="ApiException">400 when an index or a view does not fit any more.</exception>
    public void Apply()
    {
        var hasNewFields = !HasSameColumns();
        if (IsSameName(original.Name, collection.Name) && !hasNewFields
            && original.Indexes.SequenceEqual(collection.Indexes, StringComparer.Ordinal)) return;
        // SQLite refuses to rename anything while a view is broken, even one that has nothing to do with it.
        var broken = ViewDefinitions.TakeBroken(connection);
        RecordTable.DropIndexes(connection, original);
        if (!IsSameName(original.Name, collection.Name))
            connection.Execute($"ALTER TABLE {SqlName.Quote(original.Name)} RENAME TO {_table}");
        if (hasNewFields) ChangeColumns();
        RecordTable.CreateIndexes(connection, collection, failure);
        ViewDefinitions.Restore(connection, broken);
    }

    // SQLite compares names of tables without case and refuses to rename one to itself.
    private static bool IsSameName(string one, string other) =>
        string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private bool HasSameColumns() =>
        original.Fields.Count == collection.Fields.Count
        && collection.Fields.All(field => OldOf(field) is { } old
            && old.Name == field.Name && old.IsMultiple == field.IsMultiple);

    private void ChangeColumns()
    {
        var kept = collection.Fields.Select(field => field.Id).ToHashSet(StringComparer.Ordinal);
        var dropped = original.Fields.Where(field => !kept.Contains(field.Id)).ToList();
        var renamed = RenameToTemporary();
        var isRewriting = collection.Fields.Any(field => OldOf(field) is { } old && old.IsMultiple != field.IsMultiple);
        // Renames are carried into views by SQLite; a column that views use can only be dropped without them.
        if (dropped.Count == 0 && !isRewriting)
        {
            RenameToFinal(renamed);
            AddColumns();
            return;
        }

        foreach (var field in dropped) Rename(field.Name, Temporary(field));
        RenameToFinal(renamed);
        AddColumns();
        var views = ViewDefinitions.TakeAll(connection);
        RefuseUsed(dropped, views);
        foreach (var field in dropped) DropColumn(Temporary(field));
        foreach (var field in collection.Fields)
            if (OldOf(field) is { } old && old.IsMultiple != field.IsMultiple) Rewrite(field);
        ViewDefinitions.Restore(connection, views);
    }

    // SQLite has carried the temporary names into the views that use the columns; they stand there for nothing else.
    private void RefuseUsed(List<Field> dropped, List<ViewDefinition> views)
    {
        foreach (var field in dropped)
        {
            var used = views.Where(view => view.Sql.Contains(Temporary(field), StringComparison.Ordinal));
            var names = string.Join(", ", used.Select(view => view.Name));
            if (names.Length > 0) throw UsedByView($"The field {field.Name} is still used by the views: {names}.");
        }
    }

    private ApiException UsedByView(string message) =>
        ApiException.BadField(failure, "fields", "validation_field_used_by_view", message);

    private List<Field> RenameToTemporary()
    {
        var renamed = new List<Field>();
        foreach (var field in collection.Fields)
        {
            if (OldOf(field) is not { } old || old.Name == field.Name) continue;
            Rename(old.Name, Temporary(field));
            renamed.Add(field);
        }

        return renamed;
    }

    private void RenameToFinal(List<Field> renamed)
    {
        foreach (var field in renamed) Rename(Temporary(field), field.Name);
    }

    private void AddColumns()
    {
        foreach (var field in collection.Fields)
            if (OldOf(field) is null) AddColumn(field.Name, field);
    }

    // One value becomes a list of it, many values become the last of them; empty stays empty.
    private void Rewrite(Field field)
    {
        var from = SqlName.Quote(field.Name);
        var to = SqlName.Quote(Temporary(field));
        AddColumn(Temporary(field), field);
        var value = field.IsMultiple
            ? $"""
                CASE WHEN coalesce({from}, '') = '' THEN '[]'
                    WHEN json_valid({from}) AND json_type({from}) = 'array' THEN {from}
                    ELSE json_array({from}) END
                """
            : $"""
                CASE WHEN coalesce({from}, '') IN ('', '[]') THEN ''
                    WHEN json_valid({from}) AND json_type({from}) = 'array'
                        THEN coalesce(json_extract({from}, '$[#-1]'), '')
                    ELSE {from} END
                """;
        connection.Execute($"UPDATE {_table} SET {to} = {value}");
        DropColumn(field.Name);
        Rename(Temporary(field), field.Name);
    }

    private Field? OldOf(Field field) => original.Fields.FirstOrDefault(old => old.Id == field.Id);

    // A word that no field and hardly any view contains.
    private string Temporary(Field field)
    {
        var position = 0;
        while (original.Fields[position].Id != field.Id) position++;
        var name = string.Create(CultureInfo.InvariantCulture, $"_moving_column_{position}_");
        while (original.FindField(name) is not null || collection.FindField(name) is not null) name += "_";
        return name;
    }

    private void AddColumn(string name, Field field) =>
        connection.Execute($"ALTER TABLE {_table} ADD COLUMN {SqlName.Quote(name)} {field.ColumnDefinition}");

    private void DropColumn(string name) =>
        connection.Execute($"ALTER TABLE {_table} DROP COLUMN {SqlName.Quote(name)}");

    private void Rename(string from, string to)
    {
        try
        {
            connection.Execute($"ALTER TABLE {_table} RENAME COLUMN {SqlName.Quote(from)} TO {SqlName.Quote(to)}");
        }
        catch (DatabaseException fault) when (fault.PrimaryCode == SqliteError)
        {
            // The names are checked and both columns are known: only a view can be in the way.
            throw UsedByView($"The field {from} is used by a view that cannot follow: {fault.Reason}.");
        }
    }
}
