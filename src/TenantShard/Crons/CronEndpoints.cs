using Platform.TenantShard.Auth;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Crons;

/// <summary><c>GET /api/crons</c> and <c>POST /api/crons/{id}</c>, for superusers.</summary>
internal static class CronEndpoints
{
    public static void Map(RouteTable routes)
    {
        routes.Map("GET", "/api/crons", ListAsync);
        routes.Map("POST", "/api/crons/{id}", RunAsync);
    }

    private static Task ListAsync(ApiContext context)
    {
        RequireAuth.Superuser(context);
        return CollectionResponse.SendAsync(context, CronJobs.Of(context.Policy), static (writer, jobs) =>
        {
            writer.WriteStartArray();
            foreach (var job in jobs)
            {
                writer.WriteStartObject();
                writer.WriteString("id"u8, job.Id);
                writer.WriteString("expression"u8, job.Schedule.Text);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    /// <summary>Answers when the job is done: a failure is told to who asked for it.</summary>
    private static async Task RunAsync(ApiContext context)
    {
        RequireAuth.Superuser(context);
        var job = CronJobs.Of(context.Policy).FirstOrDefault(job => job.Id == context.Values.First)
            ?? throw new ApiException(404, "Missing or invalid cron job.");
        await job.Run(context.Tenant, context.Services, context.Aborted);
        JsonResponse.SendNoContent(context.Http);
    }
}
