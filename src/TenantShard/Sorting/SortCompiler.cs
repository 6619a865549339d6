using Platform.TenantShard.Collections;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Filters;
using Platform.TenantShard.Filters.Sql;
using Platform.TenantShard.Filters.Syntax;
using Platform.TenantShard.Requests;

namespace Platform.TenantShard.Sorting;

/// <summary>The <c>sort</c> parameter as SQL: <c>-created,title,author.name,@random,@rowid</c>.</summary>
internal static class SortCompiler
{
    /// <summary>As in PocketBase.</summary>
    public const int TermsMax = 8;

    /// <summary>Characters of one term, as in PocketBase.</summary>
    public const int TermLengthMax = 255;

    /// <exception cref="ApiException">400 for what cannot be sorted by.</exception>
    public static CompiledSort Compile(
        SchemaSnapshot schema, Collection collection, string sort, RequestInfo request, FilterOptions options)
    {
        if (string.IsNullOrWhiteSpace(sort)) return CompiledSort.None;
        var auth = FilterCompiler.AuthCollection(schema, request);
        var key = ExpressionCache.Key.For(collection, sort, auth, options, isSort: true);
        var terms = ExpressionCache.Get(
            schema,
            key,
            options.Limits,
            (schema, collection, sort, auth, options),
            static input => Build(input.schema, input.collection, input.sort, input.auth, input.options));
        return new CompiledSort(terms.Text, FilterCompiler.Bind(terms, request, options.Clock));
    }

    private static SqlFragment Build(
        SchemaSnapshot schema, Collection collection, string sort, Collection? auth, FilterOptions options)
    {
        var terms = sort.Split(',', TermsMax + 1, StringSplitOptions.TrimEntries);
        if (terms.Length > TermsMax) throw ExpressionError.InSort($"more than {TermsMax} fields");
        var context = CompileContext.For(schema, collection, auth, options) with { IsSort = true };
        return SqlFragment.Join(", ", terms.Select(term => Term(context, collection, term)));
    }

    private static SqlFragment Term(CompileContext context, Collection collection, string term)
    {
        if (term.Length > TermLengthMax)
            throw ExpressionError.InSort($"a field longer than {TermLengthMax} characters");
        var isDescending = term.StartsWith('-');
        var name = isDescending || term.StartsWith('+') ? term[1..] : term;
        if (name == "@random") return SqlFragment.Of($"random()");
        var value = name == "@rowid" ? RowId(collection) : Value(context, name);
        return isDescending ? SqlFragment.Of($"{value} DESC") : SqlFragment.Of($"{value} ASC");
    }

    private static SqlFragment RowId(Collection collection) => collection.Type == CollectionType.View
        ? throw ExpressionError.InSort("a view has no @rowid")
        : SqlFragment.Column(collection.Name, "_rowid_");

    /// <summary>
    /// The value of the path; its first one where there are several, and none where the client may not see it.
    /// </summary>
    private static SqlFragment Value(CompileContext context, string name)
    {
        if (name.StartsWith('@') && !context.Options.AllowsSystemOperands
            && name.Split('.')[0] is "@request" or "@collection")
            throw ApiException.Forbidden($"Only superusers can sort by {name.Split('.')[0]}.");
        if (name.Length == 0 || !name.All(IsPathCharacter))
            throw ExpressionError.InSort($"unknown field \"{ExpressionError.Echo(name)}\"");
        var scope = new JoinScope(context.Aliases);
        var operand = new OperandResolver(context, scope).Resolve(new IdentifierOperand(0, name));
        if (operand.Content is OperandContent.Empty or OperandContent.Filled)
            throw ExpressionError.InSort($"unknown field \"{ExpressionError.Echo(name)}\"");
        var value = operand.Value;
        if (operand.Guards.Count > 0)
            value = SqlFragment.Of($"CASE WHEN {SqlFragment.Join(" AND ", operand.Guards)} THEN {value} END");
        if (scope.Joins.Count == 0) return value;
        var joins = SqlFragment.Join(" ", scope.Joins.Select(join => join.Clause));
        return SqlFragment.Of($"(SELECT {value} FROM (SELECT 1) {joins} LIMIT 1)");
    }

    private static bool IsPathCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or ':';
}
