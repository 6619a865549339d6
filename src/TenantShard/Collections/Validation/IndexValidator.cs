using System.Globalization;
using Platform.TenantShard.Collections.Indexes;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Collections.Validation;

/// <summary>Checks the index statements of a collection; SQLite checks their columns when they are created.</summary>
internal sealed class IndexValidator(DatabaseConnection connection, Collection collection, Collection? original)
{
    private const string Member = "indexes";

    public void Check(FieldErrorTree errors)
    {
        if (collection.Type == CollectionType.View)
        {
            if (collection.Indexes.Count > 0)
                errors.Add(Member, "validation_indexes_not_supported", "View collections don't support indexes.");
            return;
        }

        if (collection.Indexes.Count > CollectionLimits.Indexes)
        {
            errors.Add(Member, "validation_too_many_indexes", $"At most {CollectionLimits.Indexes} are allowed.");
            return;
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var definitions = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < collection.Indexes.Count; index++)
            CheckIndex(index, names, definitions, errors.At(Member));
        CheckSystemIndexes(errors);
    }

    private void CheckIndex(int index, HashSet<string> names, HashSet<string> definitions, FieldErrorTree errors)
    {
        var key = index.ToString(CultureInfo.InvariantCulture);
        var text = collection.Indexes[index];
        if (text.Length > CollectionLimits.IndexLength)
        {
            errors.AddLength(key, 1, CollectionLimits.IndexLength);
            return;
        }

        if (IndexDefinition.Parse(text) is not { } definition
            || definition.Name.StartsWith("sqlite_", StringComparison.OrdinalIgnoreCase))
        {
            errors.Add(key, "validation_invalid_index_expression", "Invalid CREATE INDEX expression.");
            return;
        }

        if (!names.Add(definition.Name))
            errors.Add(key, "validation_duplicated_index_name", "The index name already exists.");
        var table = DatabaseNames.TableOfIndex(connection, definition.Name);
        if (table is not null && !IsOwnTable(table))
            errors.Add(key, "validation_existing_index_name",
                $"The index name is already used in {table} collection.");
        if (!definitions.Add((definition with { Name = "", Table = "" }).ToSql()))
            errors.Add(key, "validation_duplicated_index_definition", "The index definition already exists.");
    }

    private bool IsOwnTable(string table) =>
        original is not null && string.Equals(table, original.Name, StringComparison.OrdinalIgnoreCase);

    // Logins rely on these: an identity or a token key must never exist twice.
    private void CheckSystemIndexes(FieldErrorTree errors)
    {
        if (collection.Type == CollectionType.Auth)
        {
            foreach (var name in (string[])["tokenKey", "email"])
            {
                if (!IndexDefinition.HasUnique(collection.Indexes, name))
                    errors.Add(Member, "validation_missing_required_unique_index",
                        $"Missing required unique index for field \"{name}\".");
            }
        }

        if (original is null) return;
        foreach (var text in original.Indexes)
        {
            if (IndexDefinition.Parse(text) is not { IsUnique: true } old) continue;
            var system = original.Fields.FirstOrDefault(
                field => field.IsSystem && old.Columns.Any(column => Names(column, field.Name)));
            if (system is null || HasSameColumns(old)) continue;
            errors.Add(Member, "validation_invalid_unique_system_field_index",
                $"Unique index definition on system fields ({system.Name}) is invalid or missing.");
        }
    }

    private bool HasSameColumns(IndexDefinition old)
    {
        foreach (var text in collection.Indexes)
        {
            if (IndexDefinition.Parse(text) is { IsUnique: true } definition
                && definition.Columns.Count == old.Columns.Count
                && definition.Columns.Zip(old.Columns).All(
                    pair => string.Equals(
                        pair.First.Expression, pair.Second.Expression, StringComparison.OrdinalIgnoreCase)))
                return true;
        }

        return false;
    }

    private static bool Names(IndexColumn column, string field) =>
        column.IsName && string.Equals(column.Expression, field, StringComparison.OrdinalIgnoreCase);
}
