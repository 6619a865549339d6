using System.Runtime.CompilerServices;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Filters.Sql;

namespace Platform.TenantShard.Filters;

/// <summary>
/// Compiled expressions. They live as long as the schema snapshot that they were compiled for, so a change of the
/// schema or the end of a tenant's activation drops them, and tenants share nothing.
/// </summary>
internal static class ExpressionCache
{
    /// <summary>Longer texts are compiled anew each time, so that the cache of a tenant stays small.</summary>
    public const int LengthMax = 1000;

    /// <summary>Five rules of a dozen collections, and as many filters of an app's screens.</summary>
    private const int Capacity = 128;

    private static readonly ConditionalWeakTable<SchemaSnapshot, BoundedCache<Key, SqlFragment>> Compiled = [];

    public static SqlFragment Get<TState>(
        SchemaSnapshot schema, in Key key, FilterLimits limits, TState state, Func<TState, SqlFragment> compile)
    {
        if (key.Text.Length > LengthMax || limits != FilterLimits.Default) return compile(state);
        var known = Compiled.GetValue(schema, static _ => new BoundedCache<Key, SqlFragment>(Capacity));
        if (known.TryGet(key, out var fragment)) return fragment;
        fragment = compile(state);
        known.Set(key, fragment);
        return fragment;
    }

    /// <summary>Everything that the compiled text depends on, besides the schema.</summary>
    internal readonly record struct Key(
        string CollectionId, string Text, string? AuthCollectionId, bool AllowsHidden, bool AllowsSystem, bool IsSort)
    {
        public static Key For(
            Collection collection, string text, Collection? auth, FilterOptions options, bool isSort) =>
            new(collection.Id, text, auth?.Id, options.AllowsHiddenFields, options.AllowsSystemOperands, isSort);
    }
}
