using Platform.TenantShard.Auth;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Sql;

/// <summary><c>POST /api/sql</c>: superusers run SQL of their own.</summary>
internal static class SqlEndpoint
{
    public const string Failure = "Failed to execute query. Raw error: ";

    private const int QueryLengthMax = 1 << 20;

    public static void Map(RouteTable routes) => routes.Map("POST", "/api/sql", HandleAsync);

    private static async Task HandleAsync(ApiContext context)
    {
        RequireAuth.Superuser(context);
        var form = new FormReader(await context.ReadBodyAsync());
        var query = form.Text("query", QueryLengthMax);
        form.ThrowIfAny();
        var started = context.Shard.Clock.GetTimestamp();
        SqlResult result;
        try
        {
            result = await context.Shard.ReadAsync(
                query, static (scope, query) => TryRead(scope, query), context.Aborted)
                ?? await WriteAsync(context, query);
        }
        catch (DatabaseException error) when (!error.IsInterrupted && !error.IsOutOfMemory && !error.IsLocalFault)
        {
            throw new ApiException(400, Failure + error.Reason, cause: error);
        }

        result.Duration = context.Shard.Clock.GetElapsedTime(started);
        await CollectionResponse.SendAsync(context, result, SqlResult.Write);
    }

    /// <summary>Null when the query writes.</summary>
    private static SqlResult? TryRead(ReadScope scope, string query) =>
        SqlRun.IsReadOnly(scope.Connection, query) ? new SqlRun(scope.Connection).Run(query) : null;

    private static async Task<SqlResult> WriteAsync(ApiContext context, string query)
    {
        try
        {
            return await context.Shard.WriteAsync(new RunSql(query), context.Aborted);
        }
        finally
        {
            // It may have written anything.
            context.Tenant.Tokens.Invalidate();
            context.Tenant.Settings.Invalidate();
        }
    }
}
