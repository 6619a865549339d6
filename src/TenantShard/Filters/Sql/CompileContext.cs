using Platform.TenantShard.Collections;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Filters.Syntax;

namespace Platform.TenantShard.Filters.Sql;

/// <summary>What stays the same while one expression is compiled.</summary>
internal sealed record CompileContext
{
    public required SchemaSnapshot Schema { get; init; }

    /// <summary>The row that plain field paths start from.</summary>
    public required RowReference Root { get; init; }

    /// <summary>The collection of the signed-in record, or null for guests.</summary>
    public required Collection? AuthCollection { get; init; }

    public required FilterOptions Options { get; init; }

    public required AliasSource Aliases { get; init; }

    public bool IsSort { get; init; }

    public static CompileContext For(
        SchemaSnapshot schema, Collection collection, Collection? auth, FilterOptions options) =>
        new()
        {
            Schema = schema,
            Root = RowReference.Root(collection),
            AuthCollection = auth,
            Options = options,
            Aliases = new AliasSource(options.Limits.JoinsMax),
        };

    public ApiException Fail(string reason, int start) =>
        IsSort ? ExpressionError.InSort(reason) : ExpressionError.InFilter(reason, start);
}
