using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Platform.Messages.Identity;
using Platform.Replication.Restoring;
using Platform.TenantShard.Auth;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Files;
using Platform.TenantShard.Hosting.Recovery;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Hosting;

/// <summary>Serves a tenant's requests in this process: enters its shard, and hands the request to the tenant API.</summary>
public sealed class ShardBackend : IAsyncDisposable
{
    /// <summary>An operator who asks for a tenant is answered, if need be without this.</summary>
    private static readonly TimeSpan StorageWait = TimeSpan.FromSeconds(5);

    private readonly ShardHost _host;
    private readonly TimeProvider _clock;
    private readonly ApiServices _services;
    private readonly RequestDelegate _api;
    private readonly CronScheduler _crons;

    /// <param name="host">The node's shards.</param>
    /// <param name="options">Limits of the API.</param>
    /// <param name="clock">For what is not a shard's: mail, waits.</param>
    /// <param name="loggers">For the API's log.</param>
    /// <param name="recovery">Makes and restores tenants' backups; null = tenants have none.</param>
    public ShardBackend(
        ShardHost host, TenantApiOptions options, TimeProvider clock, ILoggerFactory loggers,
        TenantRecovery? recovery = null)
    {
        _host = host;
        _clock = clock;
        _services = new ApiServices(
            options, clock, loggers, recovery is null ? null : new TenantVault(recovery));
        _api = TenantApi.Build(_services, loggers);
        _crons = new CronScheduler(host, _services, clock, loggers.CreateLogger<CronScheduler>());
    }

    /// <summary>Runs the jobs of open tenants.</summary>
    internal CronScheduler Crons => _crons;

    /// <summary>
    /// Makes the tenant's superuser, or gives the one with this e-mail a new password, which voids its tokens.
    /// Durable when it returns.
    /// </summary>
    /// <exception cref="ShardRequestException">Refused, with fields <c>email</c> or <c>password</c>; or 503.</exception>
    public async Task CreateSuperuserAsync(
        TenantId tenant, string email, string password, CancellationToken cancellationToken)
    {
        try
        {
            var entry = await _host.EnterAsync(tenant, cancellationToken);
            var shard = entry.Opened!;
            try
            {
                var command = await UpsertSuperuser.PrepareAsync(
                    shard, _services.Passwords, email, password, cancellationToken);
                await shard.WriteAsync(command, cancellationToken);
                entry.Feature!.Tokens.Invalidate();
            }
            finally
            {
                shard.Leave();
            }
        }
        catch (ApiException refusal)
        {
            throw new ShardRequestException(
                refusal.Status,
                refusal.Message,
                refusal.FieldErrors.ToDictionary(error => error.Key, error => (error.Value.Code, error.Value.Message)),
                refusal);
        }
        catch (TimeoutException late)
        {
            throw new ShardRequestException(503, "The tenant opens too slowly.", [], late);
        }
        catch (RestoreException damaged)
        {
            // For the operator, who can do something about it.
            throw new ShardRequestException(409, damaged.Message, [], damaged);
        }
    }

    /// <summary>What the tenant stores; it is opened if need be. Null when it cannot be opened here and now.</summary>
    public async Task<TenantStorage?> FindStorageAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(StorageWait, _clock);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var shard = (await _host.EnterAsync(tenant, bound.Token)).Opened!;
            try
            {
                return await shard.ReadAsync(
                    0,
                    static (scope, _) =>
                        new TenantStorage(scope.Connection.FileBytes(), FileLedger.Total(scope.Connection)),
                    bound.Token);
            }
            finally
            {
                shard.Leave();
            }
        }
        catch (Exception unavailable) when (
            unavailable is ApiException or TimeoutException
            || (unavailable is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Answers the request. The tenant is known to the registry; its shard is opened if need be.</summary>
    public async Task HandleAsync(HttpContext context, TenantId tenant)
    {
        if (!await TryHandleAsync(context, tenant)) await ErrorResponse.SendAsync(context, ShardActivation.IsNotOwned());
    }

    /// <summary>
    /// As above; false, and nothing was done nor written, when the tenant turns out to be another node's.
    /// </summary>
    public async Task<bool> TryHandleAsync(HttpContext context, TenantId tenant)
    {
        ShardEntry entry;
        try
        {
            entry = await _host.EnterAsync(tenant, context.RequestAborted);
        }
        catch (ApiException refusal)
        {
            if (refusal.IsOfOtherOwner) return false;
            await ErrorResponse.SendAsync(context, refusal);
            return true;
        }
        catch (TimeoutException late)
        {
            await ErrorResponse.SendAsync(context, ShardHost.OpensTooSlowly(late));
            return true;
        }
        catch (RestoreException damaged)
        {
            await ErrorResponse.SendAsync(context, IsDamaged(damaged));
            return true;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return true;
        }

        try
        {
            context.Features.Set(entry.Feature);
            await _api(context);
            return true;
        }
        finally
        {
            entry.Opened!.Leave();
        }
    }

    private static ApiException IsDamaged(RestoreException cause) =>
        new(503, "The tenant's stored data is damaged or incomplete. Its operator has to mend it.", cause: cause)
        {
            RetryAfterSeconds = 60,
        };

    public async ValueTask DisposeAsync()
    {
        await _crons.DisposeAsync();
        await _services.DisposeAsync();
    }
}
