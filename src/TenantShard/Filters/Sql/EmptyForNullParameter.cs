using Platform.TenantShard.Database;

namespace Platform.TenantShard.Filters.Sql;

/// <summary>The same value, with "" for null: <c>=</c> and <c>!=</c> treat the two alike.</summary>
internal sealed record EmptyForNullParameter(ParameterSource Inner) : ParameterSource
{
    public override SqlValue Resolve(in BindContext context)
    {
        var value = Inner.Resolve(context);
        return value.Type == ColumnType.Null ? SqlValue.From("") : value;
    }
}
