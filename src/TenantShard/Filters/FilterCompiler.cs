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
    private static readonly BoundedCache<string, FilterNode> Parsed = new(capacity: 512);

    /// <summary>
    /// Compiles a filter or a rule of <paramref name="collection"/>, which must belong to <paramref name="schema"/>.
    /// </summary>
    /// <exception cref="ApiException">
    /// 400 for what is no filter of this collection; 403 for an operand that only superusers may use.
    /// </exception>
    public static CompiledFilter Compile(
        SchemaSnapshot schema, Collection collection, string expression, RequestInfo request, FilterOptions options)
    {
        var auth = AuthCollection(schema, request);
        var key = ExpressionCache.Key.For(collection, expression, auth, options, isSort: false);
        var template = ExpressionCache.Get(
            schema,
            key,
            options.Limits,
            (schema, collection, expression, auth, options),
            static input => Build(input.schema, input.collection, input.expression, input.auth, input.options));
        return new CompiledFilter(template.Text, Bind(template, request, options.Clock));
    }

    /// <summary>The identity may come from an older snapshot, whose collection may have other fields.</summary>
    internal static Collection? AuthCollection(SchemaSnapshot schema, RequestInfo request) =>
        request.Auth is { } identity ? schema.FindById(identity.Collection.Id) : null;

    /// <summary>What is wrong with a rule that is about to be saved, or null.</summary>
    public static string? FindError(SchemaSnapshot schema, Collection collection, string rule, FilterOptions options)
    {
        try
        {
            Build(schema, collection, rule, auth: null, options);
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
        if (limits != FilterLimits.Default || expression.Length > ExpressionCache.LengthMax)
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

    private static SqlFragment Build(
        SchemaSnapshot schema, Collection collection, string expression, Collection? auth, FilterOptions options) =>
        ConditionTree.Compile(
            CompileContext.For(schema, collection, auth, options), Parse(expression, options.Limits));
}
