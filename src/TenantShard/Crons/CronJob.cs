using Platform.TenantShard.Http;

namespace Platform.TenantShard.Crons;

/// <summary>Work on a tenant at set times.</summary>
/// <param name="Id">Its name, as PocketBase's.</param>
/// <param name="Schedule">When.</param>
/// <param name="Run">Does it now.</param>
internal sealed record CronJob(
    string Id, CronExpression Schedule, Func<ShardFeature, ApiServices, CancellationToken, Task> Run);
