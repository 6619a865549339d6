using Platform.TenantShard.Database;

namespace Platform.TenantShard.Filters.Sql;

/// <summary><c>@request.query.*</c> or <c>@request.headers.*</c>, or whether it was sent.</summary>
internal sealed record QueryParameter(string Key, bool IsHeader, bool IsPresence) : ParameterSource
{
    public override SqlValue Resolve(in BindContext context)
    {
        var text = IsHeader ? context.Request.Header(Key) : context.Request.Query.GetValueOrDefault(Key);
        if (IsPresence) return SqlValue.From(text is not null);
        return text is null ? SqlValue.Null : SqlValue.From(text);
    }
}
