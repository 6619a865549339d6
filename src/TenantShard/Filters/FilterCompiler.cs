using System.Runtime.CompilerServices;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Filters.Sql;
using Platform.TenantShard.Filters.Syntax;
using Platform.TenantShard.Requests;

namespace Platform.TenantShard.Filters;

/// <summary>
/// Filters and rules as SQL. An expression that was compiled before for the same schema costs one look-up and the
/// values of its parameters.
/// </summary>
internal static class FilterCompiler
{
    /// <summary>Longer texts are parsed anew each time, so that the caches stay small.</summary>
    private const int CachedLengthMax = 1000;

    private static readonly BoundedCache<string, FilterNode> Parsed = new(capacity: 512);

    /// <summary>Compiled expressions live as long as the schema snapshot that they were compiled for.</summary>
    private static readonly ConditionalWeakTable<SchemaSnapshot, BoundedCache<TemplateKey, SqlFragment>> Templates = [];

    /// <summary>
    /// Compiles a filter or a rule of <paramref name="collection"/>, which must belong to <paramref name="schema"/>.
    /// </summary>
    /// <exception cref="ApiException">
    /// 400 for what is no filter of this collection; 403 for an operand that only superusers may use.
    /// </exception>
    public static CompiledFilter Compile(
        SchemaSnapshot schema, Collection collection, string expression, RequestInfo request, FilterOptions options)
    {
        // The identity may come from an older snapshot; its collection's fields must be those of this one.
        var auth = request.Auth is { } identity ? schema.FindById(identity.Collection.Id) : null;
        var template = Template(schema, collection, expression, auth, options);
        return new CompiledFilter(template.Text, Bind(template, request, options.Clock));
    }

    /// <summary>What is wrong with a rule that is about to be saved, or null.</summary>
    public static string? FindError(SchemaSnapshot schema, Collection collection, string rule, FilterOptions options)
    {
        try
        {
            Build(schema, collection, Parse(rule, options.Limits), authCollection: null, options);
            return null;
        }
        catch (ApiException refusal)
        {
            return refusal.Message;
        }
    }

    /// <summary>The parsed form, from the cache when it is there.</summary>
    internal static FilterNode Parse(string expression, FilterLimits limits)
    {
        if (limits != FilterLimits.Default || expression.Length > CachedLengthMax)
            return FilterParser.Parse(expression, limits);
        if (Parsed.TryGet(expression, out var known)) return known;
        var node = FilterParser.Parse(expression, limits);
        Parsed.Set(expression, node);
        return node;
    }

    internal static SqlValue[] Bind(SqlFragment template, RequestInfo request, TimeProvider clock)
    {
        if (template.Parameters.Count == 0) return [];
        var context = new BindContext(request, clock.GetUtcNow());
        var values = new SqlValue[template.Parameters.Count];
        for (var i = 0; i < values.Length; i++) values[i] = template.Parameters[i].Resolve(context);
        return values;
    }

    private static SqlFragment Template(
        SchemaSnapshot schema, Collection collection, string expression, Collection? auth, FilterOptions options)
    {
        if (expression.Length > CachedLengthMax || options.Limits != FilterLimits.Default)
            return Build(schema, collection, Parse(expression, options.Limits), auth, options);
        var templates = Templates.GetValue(schema, static _ => new(capacity: 128));
        var key = new TemplateKey(
            collection.Id, expression, auth?.Id, options.AllowsHiddenFields, options.AllowsSystemOperands);
        if (templates.TryGet(key, out var known)) return known;
        var built = Build(schema, collection, Parse(expression, options.Limits), auth, options);
        templates.Set(key, built);
        return built;
    }

    private static SqlFragment Build(
        SchemaSnapshot schema, Collection collection, FilterNode node, Collection? authCollection,
        FilterOptions options) =>
        ConditionTree.Compile(
            new CompileContext
            {
                Schema = schema,
                Root = RowReference.Root(collection),
                AuthCollection = authCollection,
                Options = options,
                Aliases = new AliasSource(options.Limits.RelationsMax),
            },
            node);

    private readonly record struct TemplateKey(
        string CollectionId, string Expression, string? AuthCollectionId, bool AllowsHidden, bool AllowsSystem);
}
