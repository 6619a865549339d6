using Platform.TenantShard.Requests;

namespace Platform.TenantShard.Filters.Sql;

/// <summary>What a parameter may depend on.</summary>
/// <param name="Request">The request.</param>
/// <param name="Now">The one moment that all macros of the request see, UTC.</param>
internal readonly record struct BindContext(RequestInfo Request, DateTimeOffset Now);
