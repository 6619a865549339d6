namespace Platform.TenantShard.Http;

/// <summary>
/// Answers one request of the tenant API. Refusals are thrown as <see cref="Errors.ApiException"/>; the one place that
/// turns them into responses is <see cref="TenantApi"/>.
/// </summary>
internal delegate Task ApiHandler(ApiContext context);
