using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Filters.Syntax;

namespace Platform.TenantShard.Filters.Sql;

/// <summary>Turns one side of a comparison into SQL.</summary>
internal sealed class OperandResolver(CompileContext context, JoinScope scope)
{
    public Operand Resolve(OperandNode node) => node switch
    {
        TextOperand { Value: "" } => new Operand(SqlFragment.EmptyText, OperandContent.Empty)
        {
            Pattern = SqlFragment.Parameter(new PatternParameter(new LiteralParameter(SqlValue.From("")))),
        },
        TextOperand text => Operand.Filled(new LiteralParameter(SqlValue.From(text.Value))),
        NumberOperand number => Operand.Filled(new LiteralParameter(SqlValue.From(number.Value))),
        FunctionOperand function => new FunctionResolver(context, this).Resolve(function),
        IdentifierOperand identifier => Identifier(identifier),
        _ => throw new InvalidOperationException("Unknown kind of operand."),
    };

    private Operand Identifier(IdentifierOperand identifier)
    {
        var name = identifier.Name;
        if (DateMacro.IsKnown(name)) return Operand.Filled(new MacroParameter(name));
        var segments = name.Split('.');
        if (Array.Exists(segments, segment => segment.Length == 0 || segment[0] == ':'))
            throw Unknown(identifier);
        return segments[0] switch
        {
            "@request" => Restricted(identifier, "@request.",
                () => new RequestOperandResolver(context, scope, this, identifier).Resolve(segments)),
            "@collection" => Restricted(identifier, "@collection.", () => OtherCollection(identifier, segments)),
            _ when name.Contains('@', StringComparison.Ordinal) || name.Contains('#', StringComparison.Ordinal) =>
                throw Unknown(identifier),
            _ => Constant(name) ?? new FieldPath(context, scope, identifier).Resolve(context.Root, segments, ""),
        };
    }

    private ApiException Unknown(IdentifierOperand identifier) =>
        context.Fail($"unknown field \"{ExpressionError.Echo(identifier.Name)}\"", identifier.Start);

    private Operand Restricted(IdentifierOperand identifier, string what, Func<Operand> resolve)
    {
        if (!context.Options.AllowsSystemOperands)
            throw ApiException.Forbidden($"Only superusers can filter by {what}");
        if (context.IsSort) throw Unknown(identifier);
        return resolve();
    }

    /// <summary>null, true and false, in any case, unless the collection has a field of that name.</summary>
    private Operand? Constant(string name)
    {
        if (name.Length is < 4 or > 5 || context.Root.Collection.FindField(name) is not null) return null;
        if (name.Equals("null", StringComparison.OrdinalIgnoreCase)) return Operand.Null;
        if (name.Equals("true", StringComparison.OrdinalIgnoreCase))
            return new Operand(SqlFragment.True, OperandContent.Filled);
        if (name.Equals("false", StringComparison.OrdinalIgnoreCase))
            return new Operand(SqlFragment.False, OperandContent.Filled);
        return null;
    }

    /// <summary><c>@collection.name[:alias].path</c>: every row of another collection, related or not.</summary>
    private Operand OtherCollection(IdentifierOperand identifier, string[] segments)
    {
        if (segments.Length < 3) throw Unknown(identifier);
        var (name, _) = Modifier.Split(segments[1]);
        if (context.Schema.Find(name) is not { } collection)
            throw context.Fail($"unknown collection \"{ExpressionError.Echo(name)}\"", identifier.Start);
        var key = "@collection." + segments[1];
        var (join, alias) = scope.Get(key, parent: null, alias =>
            SqlFragment.Of($"LEFT JOIN {SqlFragment.Name(collection.Name)} AS {SqlFragment.Name(alias)}"));
        return new FieldPath(context, scope, identifier) { IsMulti = true, AllowsHidden = true }
            .Resolve(RowReference.Joined(collection, alias, join), segments.AsSpan(2), key);
    }
}
