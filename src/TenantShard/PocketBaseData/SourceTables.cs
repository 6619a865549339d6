using System.Globalization;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Files;

namespace Platform.TenantShard.PocketBaseData;

/// <summary>Compares the tables of the upload with its collections: what is missing is refused, what is more is told.</summary>
internal static class SourceTables
{
    private static readonly string[] Internal =
    [
        "_collections", "_params", "_migrations", "_admins", "_externalAuths", "_mfas", "_otps", "_authOrigins",
        "_superusers", "_logs", "_requests", FileLedger.Table, FileRemovals.TableName,
    ];

    public static void Check(
        SourceDatabase source, IReadOnlyList<SourceCollection> collections, ImportNotes notes)
    {
        foreach (var collection in collections)
            if (collection.Table is { } table) CheckColumns(source, collection, table, notes);
        NoteOthers(source, collections, notes);
    }

    private static void CheckColumns(
        SourceDatabase source, SourceCollection collection, string table, ImportNotes notes)
    {
        var columns = source.Columns(table);
        var place = $"{SourceDatabase.Name}/{collection.Collection.Name}";
        if (columns.Count == 0)
        {
            notes.Refuse(place, "validation_missing_table", $"The collection has no table '{table}' in the database.");
            return;
        }

        var taken = new HashSet<string>(collection.Obsolete, StringComparer.OrdinalIgnoreCase);
        foreach (var field in collection.Collection.Fields)
        {
            var expression = collection.Expressions.GetValueOrDefault(field.Name);
            var column = expression?.Trim('`') ?? field.Name;
            taken.Add(column);
            var isConstant = expression is not null && !expression.StartsWith('`');
            if (!isConstant && !columns.Contains(column, StringComparer.OrdinalIgnoreCase))
                notes.Refuse(
                    $"{place}/fields/{field.Name}", "validation_missing_column",
                    $"The table '{table}' has no column '{column}' for this field.");
        }

        var others = columns.Where(column => !taken.Contains(column)).ToList();
        if (others.Count > 0)
            notes.Warn(
                $"Columns of the table '{table}' that belong to no field were left out: {Names.Some(others)}.");
    }

    private static void NoteOthers(
        SourceDatabase source, IReadOnlyList<SourceCollection> collections, ImportNotes notes)
    {
        var known = new HashSet<string>(Internal, StringComparer.OrdinalIgnoreCase);
        known.UnionWith(collections.Select(collection => collection.Collection.Name));
        foreach (var (type, name) in source.Objects())
        {
            if (type == "trigger") notes.Warn($"The trigger '{name}' was left out: triggers do not run here.");
            else if (!known.Contains(name)) NoteOther(source, type, name, notes);
        }
    }

    private static void NoteOther(SourceDatabase source, string type, string name, ImportNotes notes)
    {
        if (type == "view")
        {
            notes.Warn($"The SQL view '{name}' belongs to no collection and was left out.");
            return;
        }

        if (source.Columns(name).Count == 0)
        {
            notes.Warn($"The virtual table '{name}' belongs to no collection and was left out.");
            return;
        }

        using var count = source.Connection.PrepareOnce($"SELECT count(*) FROM {SqlName.Quote(name)}");
        count.Step();
        notes.Warn(string.Create(
            CultureInfo.InvariantCulture,
            $"The table '{name}' with {count.Int64(0)} rows belongs to no collection and was left out."));
    }
}
