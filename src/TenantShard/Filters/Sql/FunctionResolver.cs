using Platform.TenantShard.Database;
using Platform.TenantShard.Filters.Syntax;

namespace Platform.TenantShard.Filters.Sql;

/// <summary>The functions of the grammar.</summary>
internal sealed class FunctionResolver(CompileContext context, OperandResolver operands)
{
    /// <summary>A format, a time and 8 modifiers, as in PocketBase.</summary>
    private const int StrftimeArgumentsMax = 10;

    public Operand Resolve(FunctionOperand function) => function.Name switch
    {
        "geoDistance" => GeoDistance(function),
        "strftime" => Strftime(function),
        _ => throw context.Fail($"unknown function \"{ExpressionError.Echo(function.Name)}\"", function.Start),
    };

    private Errors.ApiException BadArguments(FunctionOperand function, string expected) =>
        context.Fail($"{function.Name} takes {expected}", function.Start);

    /// <summary>
    /// Kilometres on a sphere of radius 6,371 km. One value of several is enough, whatever the operator. Rounding can
    /// take the cosine of two equal points a little above 1, where acos is NULL, hence the bounds.
    /// </summary>
    private Operand GeoDistance(FunctionOperand function)
    {
        if (function.Arguments.Count != 4) throw BadArguments(function, "four arguments");
        if (function.Arguments.Any(argument => argument is not (IdentifierOperand or NumberOperand)))
            throw BadArguments(function, "numbers and fields");
        var arguments = function.Arguments.Select(operands.Resolve).ToList();
        var (lonA, latA, lonB, latB) =
            (arguments[0].Value, arguments[1].Value, arguments[2].Value, arguments[3].Value);
        var distance = SqlFragment.Of(
            $"(6371 * acos(min(1.0, max(-1.0, cos(radians({latA})) * cos(radians({latB})) "
            + $"* cos(radians({lonB}) - radians({lonA})) + sin(radians({latA})) * sin(radians({latB}))))))");
        return new Operand(distance, OperandContent.Json)
        {
            Joins = [.. arguments.SelectMany(argument => argument.Joins)],
            Guards = [.. arguments.SelectMany(argument => argument.Guards)],
        };
    }

    /// <summary>A date as text, "" for a time that SQLite cannot read.</summary>
    private Operand Strftime(FunctionOperand function)
    {
        var arguments = function.Arguments;
        if (arguments.Count is 0 or > StrftimeArgumentsMax)
            throw BadArguments(function, $"one to {StrftimeArgumentsMax} arguments");
        if (arguments[0] is not TextOperand || arguments.Skip(2).Any(modifier => modifier is not TextOperand))
            throw BadArguments(function, "texts as its format and modifiers");
        if (arguments.Count > 1 && arguments[1] is FunctionOperand)
            throw BadArguments(function, "a field, text or number as its time");
        var time = arguments.Count > 1
            ? operands.Resolve(arguments[1])
            : Operand.Filled(new MacroParameter("@now"));
        var values = arguments.Skip(2).Prepend(arguments[0]).Cast<TextOperand>()
            .Select(text => SqlFragment.Parameter(new LiteralParameter(SqlValue.From(text.Value)))).ToList();
        values.Insert(1, time.Value);
        return time with
        {
            Value = SqlFragment.Of($"COALESCE(strftime({SqlFragment.Join(", ", values)}), '')"),
            Content = OperandContent.NotNull,
            EmptyForNull = null,
            Pattern = null,
            Affinity = ColumnAffinity.None,
        };
    }
}
