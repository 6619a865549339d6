using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Filters;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Records;

/// <summary>A condition on the rows of a collection, for the schema that it was compiled with.</summary>
/// <param name="Schema">Its SQL may name any collection of this schema.</param>
/// <param name="Where">SQL with positional parameters, for a statement that names the table without an alias.</param>
/// <param name="Parameters">Their values.</param>
internal sealed record RowFilter(SchemaSnapshot Schema, string Where, IReadOnlyList<SqlValue> Parameters)
{
    /// <summary>Compiles a rule of the collection.</summary>
    public static RowFilter ForRule(ApiContext context, Collection collection, string rule) =>
        Compile(context, collection, rule, FilterOptions.ForRule(context.Shard.Clock));

    /// <summary>Compiles the filter that a client has sent.</summary>
    /// <exception cref="Errors.ApiException">400 for a mistake in it, with its position.</exception>
    public static RowFilter ForClient(ApiContext context, Collection collection, string filter) =>
        Compile(context, collection, filter, FilterOptions.ForClient(context.Request, context.Shard.Clock));

    /// <summary>Both conditions; null means every row.</summary>
    public static RowFilter? And(RowFilter? first, RowFilter? second)
    {
        if (first is null) return second;
        if (second is null) return first;
        return new RowFilter(
            first.Schema, $"({first.Where}) AND ({second.Where})", [.. first.Parameters, .. second.Parameters]);
    }

    /// <summary>Binds from <paramref name="parameter"/> on and returns the next free one.</summary>
    public int Bind(Statement statement, int parameter)
    {
        for (var index = 0; index < Parameters.Count; index++) statement.Bind(parameter++, Parameters[index]);
        return parameter;
    }

    private static RowFilter Compile(
        ApiContext context, Collection collection, string expression, FilterOptions options)
    {
        var compiled = FilterCompiler.Compile(context.Schema, collection, expression, context.Request, options);
        return new RowFilter(context.Schema, compiled.Where, compiled.Parameters);
    }
}
