using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Cluster.Admin;
using Platform.Cluster.Events;
using Platform.Cluster.Http;
using Platform.Cluster.Tenants;
using Platform.Replication.ObjectStore;

namespace Platform.Cluster.Snapshots;

/// <summary>The admin API's snapshots of the control plane: <c>/api/cp/snapshots</c>.</summary>
internal sealed class SnapshotEndpoints(ClusterSnapshots snapshots, SnapshotRestore restore, EventNotes notes)
{
    private const string Force = "force";

    public void Map(IEndpointRouteBuilder routes, AdminGuard guard)
    {
        routes.MapGet("/api/cp/snapshots", guard.Protect(context => GuardAsync(context, ListAsync)));
        routes.MapPost("/api/cp/snapshots", guard.Protect(context => GuardAsync(context, SaveAsync)));
        routes.MapPost("/api/cp/snapshots/{name}/restore", guard.Protect(context => GuardAsync(context, RestoreAsync)));
    }

    private async Task ListAsync(HttpContext context)
    {
        var all = await snapshots.ListAsync(context.RequestAborted);
        all.Reverse();
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("items");
            foreach (var entry in all)
            {
                writer.WriteStartObject();
                WriteFields(writer, entry);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private async Task SaveAsync(HttpContext context)
    {
        var (entry, header) = await snapshots.SaveAsync("on demand", context.RequestAborted);
        await JsonAnswer.WriteAsync(context, StatusCodes.Status201Created, writer =>
        {
            writer.WriteStartObject();
            WriteFields(writer, entry);
            writer.WriteNumber("revision", header.Revision);
            writer.WriteNumber("entries", header.Entries);
            writer.WriteEndObject();
        });
    }

    private async Task RestoreAsync(HttpContext context)
    {
        var name = (string?)context.Request.RouteValues["name"] ?? "";
        var query = new QueryFields(context.Request.Query, [Force]);
        var isForced = query.Flag(Force);
        if (query.Problem is { } problem)
        {
            await JsonAnswer.WriteAsync(context, problem);
            return;
        }

        if (await snapshots.ReadAsync(name, context.RequestAborted) is not { } snapshot)
        {
            await JsonAnswer.WriteAsync(context, new ApiProblem(
                404, $"There is no snapshot '{(name.Length <= 40 ? name : name[..40] + "...")}'."));
            return;
        }

        if (!isForced && !await restore.IsEmptyAsync(context.RequestAborted))
        {
            await JsonAnswer.WriteAsync(context, ApiProblem.OfField(
                409, "The cluster has tenants: their descriptors would go back to those of the snapshot.", Force,
                "validation_required", "Must be true to do that. What was made since the snapshot stays."));
            return;
        }

        // From here on it is finished also for a client that goes away.
        var report = await restore.RunAsync(snapshot, CancellationToken.None);
        await notes.TellAsync(EventKinds.SnapshotRestored, new EventNote { Reason = name }, CancellationToken.None);
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, writer => Write(writer, name, snapshot, report));
    }

    private static async Task GuardAsync(HttpContext context, RequestDelegate handle)
    {
        ApiProblem problem;
        try
        {
            await handle(context);
            return;
        }
        catch (ObjectStoreException)
        {
            problem = new ApiProblem(503, "Object storage does not answer.") { RetryAfterSeconds = 5 };
        }
        catch (FormatException damage)
        {
            problem = new ApiProblem(409, $"The snapshot cannot be read: {damage.Message}. Nothing was changed.");
        }

        await JsonAnswer.WriteAsync(context, problem);
    }

    private static void WriteFields(Utf8JsonWriter writer, SnapshotEntry entry)
    {
        writer.WriteString("name", entry.Name);
        writer.WriteString("created", TenantJson.Format(entry.Created));
        writer.WriteNumber("bytes", entry.Bytes);
    }

    private static void Write(Utf8JsonWriter writer, string name, ClusterSnapshot snapshot, RestoreReport report)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WriteNumber("revision", snapshot.Header.Revision);
        writer.WriteNumber("tenants", report.Tenants);
        writer.WriteNumber("skipped", report.Skipped);
        writer.WriteNumber("cordons", report.Cordons);
        writer.WriteNumber("routes", report.Routes);
        writer.WriteEndObject();
    }
}
