using Microsoft.AspNetCore.Http;
using Platform.Replication.ObjectStore;
using Platform.TenantShard.Auth;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;

namespace Platform.TenantShard.Logs;

/// <summary>
/// <c>GET</c> and <c>DELETE /api/logs</c>, <c>GET /api/logs/stats</c> and <c>/api/logs/{id}</c>, for superusers.
/// </summary>
internal static class LogEndpoints
{
    public static void Map(RouteTable routes)
    {
        routes.Map("GET", "/api/logs", ListAsync);
        routes.Map("DELETE", "/api/logs", TruncateAsync);
        routes.Map("GET", "/api/logs/stats", StatsAsync);
        routes.Map("GET", "/api/logs/{id}", ViewAsync);
    }

    private static async Task ListAsync(ApiContext context)
    {
        RequireAuth.Superuser(context);
        var query = LogListQuery.Compile(context, ListParameters.Read(context.Http.Request.QueryString));
        var page = await ReadAsync(context, query, static (connection, query) => query.Read(connection));
        await CollectionResponse.SendAsync(context, page, LogPage.Write);
    }

    private static async Task TruncateAsync(ApiContext context)
    {
        RequireAuth.Superuser(context);
        var logs = context.Tenant.Logs ?? throw ApiException.NotFound();
        try
        {
            await logs.TruncateAsync(context.Aborted);
        }
        catch (ObjectStoreException fault)
        {
            throw IsNotThere("deleted", fault);
        }

        context.Http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task StatsAsync(ApiContext context)
    {
        RequireAuth.Superuser(context);
        var query = LogListQuery.Compile(context, ListParameters.Read(context.Http.Request.QueryString));
        var hours = await ReadAsync(context, query, static (connection, query) => query.ReadHours(connection));
        await CollectionResponse.SendAsync(context, hours, static (writer, hours) =>
        {
            writer.WriteStartArray();
            foreach (var (hour, total) in hours)
            {
                writer.WriteStartObject();
                writer.WriteString("date"u8, hour);
                writer.WriteNumber("total"u8, total);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    private static async Task ViewAsync(ApiContext context)
    {
        RequireAuth.Superuser(context);
        var row = await ReadAsync(context, context.Values.First, static (connection, id) =>
        {
            using var select = connection.Prepare("SELECT id, level, message, data, created FROM _logs WHERE id = ?1");
            select.BindText(1, id);
            return select.Step() ? LogDatabase.Read(select, 0) : null;
        });
        await CollectionResponse.SendAsync(context, row ?? throw ApiException.NotFound(), LogRow.Write);
    }

    private static async Task<TResult> ReadAsync<TState, TResult>(
        ApiContext context, TState state, Func<DatabaseConnection, TState, TResult> query)
    {
        if (context.Tenant.Logs is not { } logs) throw ApiException.NotFound();
        try
        {
            return await logs.ReadAsync(state, query, context.Aborted);
        }
        catch (ObjectStoreException fault)
        {
            throw IsNotThere("read", fault);
        }
    }

    private static ApiException IsNotThere(string what, ObjectStoreException fault) =>
        new(503, $"The logs cannot be {what} at the moment.", cause: fault) { RetryAfterSeconds = 2 };
}
