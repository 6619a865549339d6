using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Filters.Syntax;

namespace Platform.TenantShard.Filters.Sql;

/// <summary>
/// Walks one field path from a row to a value: through relations, back relations and JSON documents. Steps to at most
/// one record become scalar subqueries, steps to several become joins of the scope.
/// </summary>
internal sealed class FieldPath(CompileContext context, JoinScope scope, IdentifierOperand identifier)
{
    /// <summary>Most relations in one path, as in PocketBase.</summary>
    private const int RelationsMax = 6;

    private readonly List<SqlFragment> _guards = [];

    /// <summary>Set when the path has already passed a step to several rows.</summary>
    public bool IsMulti { get; set; }

    /// <summary>Under <c>@request</c>, what does not exist is null rather than an error.</summary>
    public bool IsLenient { get; init; }

    /// <summary><c>@request.*</c> and <c>@collection.*</c> belong to rules, which see hidden fields.</summary>
    public bool AllowsHidden { get; init; } = context.Options.AllowsHiddenFields;

    /// <param name="row">Where the path starts.</param>
    /// <param name="segments">The names between the dots; the last may have a modifier.</param>
    /// <param name="key">Names the start in the scope, so that equal paths share their joins.</param>
    public Operand Resolve(RowReference row, ReadOnlySpan<string> segments, string key)
    {
        for (var i = 0; i < segments.Length - 1; i++)
        {
            var field = row.Collection.FindField(segments[i]);
            if (field is not null && field.IsHidden && !AllowsHidden) return Missing(segments[i]);
            if (field is JsonField or GeoPointField) return Json(row, field, segments[(i + 1)..]);
            if (i >= RelationsMax)
                throw context.Fail($"more than {RelationsMax} relations in one path", identifier.Start);
            if (field is RelationField { IsMultiple: false } && i == segments.Length - 2 && segments[i + 1] == "id")
                return RelatedId(Last(row, field.Name, key));
            key = key + "." + segments[i];
            var next = field switch
            {
                RelationField relation => Follow(row, relation, key),
                null => FollowBack(row, segments[i], key),
                _ => throw context.Fail($"field \"{Echo(segments[i])}\" is no relation", identifier.Start),
            };
            if (next is null) return Missing(segments[i]);
            row = next;
        }

        return Last(row, segments[^1], key);
    }

    private static string Echo(string text) => ExpressionError.Echo(text);

    private Operand Missing(string name) => IsLenient
        ? Operand.Null
        : throw context.Fail($"unknown field \"{Echo(name)}\"", identifier.Start);

    /// <summary>The column of a relation is the id behind it, except that there is none behind an empty one.</summary>
    private static Operand RelatedId(Operand relation) =>
        relation with { NullForEmpty = SqlFragment.Of($"NULLIF({relation.Value}, '')") };

    private Operand Make(RowReference row, SqlFragment value, OperandContent content) => new(value, content)
    {
        IsMulti = IsMulti,
        Joins = row.Join is null ? [] : [row.Join],
        Guards = _guards,
    };

    private RowReference? Follow(RowReference row, RelationField relation, string key)
    {
        var target = context.Schema.FindById(relation.CollectionId);
        if (target is null) return null;
        var column = row.Column(relation.Name);
        if (!relation.IsMultiple)
        {
            return NeedsGuard(target)
                ? Joined(target, key, row.Join, alias => SqlFragment.Of($"{Id(alias)} = {column}"))
                : RowReference.ById(target, column, row.Join);
        }

        IsMulti = true;
        var (items, itemsAlias) = Items(row.Join, column, key);
        return Joined(target, key, items, alias =>
            SqlFragment.Of($"{Id(alias)} = {SqlFragment.Column(itemsAlias, "value")}"));
    }

    private static SqlFragment Id(string alias) => SqlFragment.Column(alias, "id");

    private (Join Join, string Alias) Items(Join? parent, SqlFragment column, string key) =>
        scope.Get(key + "[]", parent, alias =>
            SqlFragment.Of($"LEFT JOIN {JsonSql.Each(column)} AS {SqlFragment.Name(alias)}"));

    private RowReference? FollowBack(RowReference row, string segment, string key)
    {
        var via = segment.LastIndexOf("_via_", StringComparison.Ordinal);
        if (via <= 0) return null;
        var source = context.Schema.FindByName(segment[..via]);
        if (source?.FindField(segment[(via + 5)..]) is not RelationField relation) return null;
        if (relation.CollectionId != row.Collection.Id || (relation.IsHidden && !AllowsHidden)) return null;
        IsMulti = true;
        var id = row.Column("id");
        return Joined(source, key, row.Join, alias =>
        {
            var column = SqlFragment.Column(alias, relation.Name);
            return relation.IsMultiple
                ? SqlFragment.Of($"{id} IN (SELECT \"v:1\".\"value\" FROM {JsonSql.Each(column)} AS \"v:1\")")
                : SqlFragment.Of($"{column} = {id}");
        });
    }

    private RowReference Joined(Collection target, string key, Join? parent, Func<string, SqlFragment> condition)
    {
        var (join, alias) = scope.Get(key, parent, name => SqlFragment.Of(
            $"LEFT JOIN {SqlFragment.Name(target.Name)} AS {SqlFragment.Name(name)} ON {condition(name)}"));
        var row = RowReference.Joined(target, alias, join);
        if (NeedsGuard(target)) AddListRule(row);
        return row;
    }

    /// <summary>A client may look through a relation only at records that it could list.</summary>
    private bool NeedsGuard(Collection target) => !AllowsHidden && target.ListRule != "";

    private void AddListRule(RowReference row)
    {
        if (row.Collection.ListRule is not { } rule)
        {
            throw context.Fail(
                $"records of \"{row.Collection.Name}\" may be read by superusers only", identifier.Start);
        }

        var asRule = context with
        {
            Root = row.Detached(),
            IsSort = false,
            Options = context.Options with { AllowsHiddenFields = true, AllowsSystemOperands = true },
        };
        var isListed = ConditionTree.Compile(asRule, FilterCompiler.Parse(rule, context.Options.Limits));

        // Where the relation is empty there is nothing to hide.
        _guards.Add(SqlFragment.Of($"({row.Column("id")} IS NULL OR {isListed})"));
    }

    private Operand Json(RowReference row, Field field, ReadOnlySpan<string> path)
    {
        var keys = path.ToArray();
        var (last, modifier) = Modifier.Split(keys[^1]);
        keys[^1] = last;
        foreach (var key in keys)
            if (key.Length == 0 || key.Contains(':', StringComparison.Ordinal)) return Missing(key);
        var operand = Make(row, JsonSql.Extract(row.Column(field.Name), keys), OperandContent.Json);
        return Apply(modifier, operand, last);
    }

    private Operand Last(RowReference row, string segment, string key)
    {
        var (name, modifier) = Modifier.Split(segment);
        if (row.Collection.FindField(name) is not { } field) return Missing(name);
        // The hash of a password could be guessed character by character.
        if ((field.IsHidden || field is PasswordField) && !AllowsHidden) return Missing(name);
        var column = row.Column(field.Name);
        var isList = field is SelectField or FileField or RelationField;
        switch (modifier)
        {
            case "length" when isList:
                return Make(row, JsonSql.Length(column), OperandContent.Nullable);
            case "each" when isList:
                return Each(row, field, column, key);
        }

        if (field.Name == "email" && row.Collection.Type == CollectionType.Auth && !AllowsHidden)
            _guards.Add(SqlFragment.Of($"{row.Column("emailVisibility")} = 1"));
        return Apply(modifier, Plain(row, field, column), name);
    }

    private Operand Plain(RowReference row, Field field, SqlFragment column)
    {
        if (field is JsonField) return Make(row, JsonSql.Extract(column, []), OperandContent.Json);
        var content = row.IsNeverNull(field) ? OperandContent.NotNull : OperandContent.Nullable;
        return Make(row, column, content) with { Affinity = RowReference.AffinityOf(field) };
    }

    private Operand Apply(string modifier, Operand operand, string name) => modifier switch
    {
        "" => operand,
        "lower" => operand.Lower(),
        // Known, but of no meaning for this field: PocketBase compares the value itself.
        "isset" or "each" or "length" when !context.IsSort => operand,
        _ => throw context.Fail($"modifier :{Echo(modifier)} cannot be used with \"{Echo(name)}\"", identifier.Start),
    };

    private Operand Each(RowReference row, Field field, SqlFragment column, string key)
    {
        if (field.IsMultiple) IsMulti = true;
        var (items, alias) = Items(row.Join, column, key + "." + field.Name);
        return new Operand(SqlFragment.Column(alias, "value"), OperandContent.Nullable)
        {
            IsMulti = IsMulti,
            Joins = [items],
            Guards = _guards,
        };
    }
}
