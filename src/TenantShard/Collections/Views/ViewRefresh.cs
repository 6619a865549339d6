using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Collections.Views;

/// <summary>
/// Brings all view collections up to date after a collection has changed: SQLite carries renames of tables and columns
/// into the SQL of views, and a field that a view copies may have new options. A view whose query does not fit any more
/// keeps its fields, so that its author can repair it.
/// </summary>
internal static class ViewRefresh
{
    /// <summary>Views may read views; each pass carries a change one step further.</summary>
    private const int PassesMax = 5;

    public static void Run(WriteScope scope, Collection changed)
    {
        if (!scope.Schema.Collections.Any(collection => collection.Type == CollectionType.View)) return;
        for (var pass = 0; pass < PassesMax; pass++)
            if (!RefreshAll(scope, changed)) return;
    }

    private static bool RefreshAll(WriteScope scope, Collection changed)
    {
        var stored = ViewDefinitions.ReadAll(scope.Connection)
            .ToDictionary(view => view.Name, view => view.Sql, StringComparer.OrdinalIgnoreCase);
        List<Collection>? refreshed = null;
        for (var index = 0; index < scope.Schema.Collections.Count; index++)
        {
            var view = scope.Schema.Collections[index];
            if (view.Type != CollectionType.View || view.Id == changed.Id) continue;
            if (Refresh(scope, view, stored.GetValueOrDefault(view.Name, "")) is not { } current) continue;
            refreshed ??= [.. scope.Schema.Collections];
            refreshed[index] = current;
            CollectionRow.Update(scope.Connection, current);
        }

        if (refreshed is null) return false;
        scope.ReplaceSchema(scope.Schema.With(refreshed));
        return true;
    }

    // Null when nothing about it has changed.
    private static Collection? Refresh(WriteScope scope, Collection view, string sql)
    {
        var query = ViewOptions.Query(view.Options);
        var current = view;
        if (RecordView.QueryOf(sql) is { } rewritten && rewritten != ViewQuery.Trim(query))
        {
            query = rewritten;
            current = view with { Options = ViewOptions.ToOptions(rewritten) };
        }

        var errors = new FieldErrorTree();
        var fields = new ViewFields(scope.Connection, scope.Schema).Derive(query, errors);
        if (errors.IsEmpty) current = current with { Fields = fields };
        return HaveSameJson(view, current) ? null : current;
    }

    // Ids of copies made elsewhere are random, so they say nothing.
    private static bool HaveSameJson(Collection one, Collection other)
    {
        if (one.Fields.Count != other.Fields.Count) return false;
        var before = one with { Fields = [.. one.Fields.Select(field => field with { Id = "" })] };
        var after = other with { Fields = [.. other.Fields.Select(field => field with { Id = "" })] };
        return CollectionJson.ToBytes(before, CollectionJson.Write).AsSpan()
            .SequenceEqual(CollectionJson.ToBytes(after, CollectionJson.Write));
    }
}
