using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Filters.Syntax;

namespace Platform.TenantShard.Filters.Sql;

/// <summary>Operands under <c>@request</c>. What the request does not have is null.</summary>
internal sealed class RequestOperandResolver(
    CompileContext context, JoinScope scope, OperandResolver operands, IdentifierOperand identifier)
{
    public Operand Resolve(string[] segments)
    {
        var area = segments.Length > 1 ? segments[1] : "";
        return (area, segments.Length) switch
        {
            ("method", 2) => Operand.Late(new RequestParameter(RequestValue.Method)),
            ("context", 2) => Operand.Late(new RequestParameter(RequestValue.Context)),
            ("auth", > 2) => Auth(segments),
            ("query", > 2) => Query(segments, isHeader: false),
            ("headers", > 2) => Query(segments, isHeader: true),
            ("body" or "data", > 2) => Body(segments),
            _ => throw context.Fail($"unknown field \"{ExpressionError.Echo(identifier.Name)}\"", identifier.Start),
        };
    }

    private Errors.ApiException BadModifier(string modifier) => context.Fail(
        $"modifier :{ExpressionError.Echo(modifier)} cannot be used with \"{ExpressionError.Echo(identifier.Name)}\"",
        identifier.Start);

    private Operand Auth(string[] segments)
    {
        if (context.AuthCollection is not { } collection)
            return Modifier.Split(segments[^1]).Modifier == "isset" ? Constant(false) : Operand.Null;
        if (segments.Length == 3)
        {
            var (name, modifier) = Modifier.Split(segments[2]);
            RequestValue? value = name switch
            {
                "id" => RequestValue.AuthId,
                "collectionId" => RequestValue.AuthCollectionId,
                "collectionName" => RequestValue.AuthCollectionName,
                _ => null,
            };
            if (modifier == "isset") return Constant(value is not null || collection.FindField(name) is not null);
            if (value is not null && modifier.Length == 0) return Operand.Late(new RequestParameter(value.Value));
        }

        var id = SqlFragment.Parameter(new RequestParameter(RequestValue.AuthId));
        return new FieldPath(context, scope, identifier) { IsLenient = true, AllowsHidden = true }
            .Resolve(RowReference.ById(collection, id, join: null), segments.AsSpan(2), "@request.auth");
    }

    private static Operand Constant(bool value) =>
        new(value ? SqlFragment.True : SqlFragment.False, OperandContent.Filled);

    private Operand Query(string[] segments, bool isHeader)
    {
        var (key, modifier) = Modifier.Split(segments[^1]);
        if (segments.Length > 3) return modifier == "isset" ? Constant(false) : Operand.Null;
        return modifier switch
        {
            "" => Operand.Late(new QueryParameter(key, isHeader, IsPresence: false)),
            "lower" => Operand.Late(new QueryParameter(key, isHeader, IsPresence: false)).Lower(),
            "isset" => Operand.Filled(new QueryParameter(key, isHeader, IsPresence: true)),
            _ => throw BadModifier(modifier),
        };
    }

    private Operand Body(string[] segments)
    {
        var (first, _) = Modifier.Split(segments[2]);
        var field = context.Root.Collection.FindField(first);
        if (field is RelationField relation && segments.Length > 3) return Relation(relation, segments);
        var path = segments[2..];
        (path[^1], var modifier) = Modifier.Split(path[^1]);
        var isList = path.Length == 1 && field is SelectField or FileField or RelationField;
        return modifier switch
        {
            "" => Operand.Late(Value(path)),
            "lower" => Operand.Late(Value(path)).Lower(),
            "isset" => Operand.Filled(new BodyParameter(path, BodyUse.Presence)),
            "length" when isList => Operand.Filled(new BodyParameter(path, BodyUse.Length)),
            "each" when isList => Each(path, field!),
            "changed" when path.Length == 1 && field is not null => Changed(path, first),
            _ => throw BadModifier(modifier),
        };
    }

    private BodyParameter Value(string[] path)
    {
        var isNumber = context.Root.Collection.FindField(path[^1]) is NumberField;
        return new BodyParameter(path, isNumber ? BodyUse.Number : BodyUse.Value);
    }

    /// <summary>No condition on the items holds where none were sent.</summary>
    private Operand Each(string[] path, Field field)
    {
        var items = SqlFragment.Parameter(new BodyParameter(path, BodyUse.Items));
        var (join, alias) = scope.Get("@request.body." + field.Name + "[]", parent: null, alias =>
            SqlFragment.Of($"JOIN json_each({items}) AS {SqlFragment.Name(alias)}"));
        return new Operand(SqlFragment.Column(alias, "value"), OperandContent.Nullable)
        {
            IsMulti = field.IsMultiple,
            Joins = [join],
        };
    }

    /// <summary>Sent, and different from what the record has: 1 or 0.</summary>
    private Operand Changed(string[] path, string field)
    {
        var isSent = SqlFragment.Parameter(new BodyParameter(path, BodyUse.Presence));
        var stored = operands.Resolve(identifier with { Name = field });
        var differs = Comparison.Write(Operand.Late(Value(path)), FilterOperator.NotEqual, stored);
        return new Operand(SqlFragment.Of($"iif({isSent} AND {differs}, 1, 0)"), OperandContent.Filled);
    }

    /// <summary>A field of the records that the body relates to, as they are stored now.</summary>
    private Operand Relation(RelationField relation, string[] segments)
    {
        if (context.Schema.FindById(relation.CollectionId) is not { } target) return Operand.Null;
        var key = "@request.body." + relation.Name;
        var ids = SqlFragment.Parameter(new BodyParameter([relation.Name], BodyUse.Items));
        var (join, alias) = scope.Get(key, parent: null, alias => SqlFragment.Of(
            $"LEFT JOIN {SqlFragment.Name(target.Name)} AS {SqlFragment.Name(alias)} "
            + $"ON {SqlFragment.Column(alias, "id")} IN (SELECT \"value\" FROM json_each({ids}))"));
        return new FieldPath(context, scope, identifier)
        {
            IsLenient = true,
            AllowsHidden = true,
            IsMulti = relation.IsMultiple,
        }.Resolve(RowReference.Joined(target, alias, join), segments.AsSpan(3), key);
    }
}
