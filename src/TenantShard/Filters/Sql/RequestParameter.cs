using Platform.TenantShard.Database;

namespace Platform.TenantShard.Filters.Sql;

/// <summary>A single value of the request.</summary>
internal sealed record RequestParameter(RequestValue Value) : ParameterSource
{
    public override SqlValue Resolve(in BindContext context)
    {
        var text = Value switch
        {
            RequestValue.Method => context.Request.Method,
            RequestValue.Context => context.Request.Context,
            RequestValue.AuthId => context.Request.Auth?.RecordId,
            RequestValue.AuthCollectionId => context.Request.Auth?.Collection.Id,
            _ => context.Request.Auth?.Collection.Name,
        };
        return text is null ? SqlValue.Null : SqlValue.From(text);
    }
}
