using Platform.TenantShard.Database;

namespace Platform.TenantShard.Filters.Sql;

/// <summary>
/// Where a <c>?</c> gets its value. Compiled SQL is kept and used again; its parameters are resolved for each request.
/// </summary>
internal abstract record ParameterSource
{
    public abstract SqlValue Resolve(in BindContext context);
}
