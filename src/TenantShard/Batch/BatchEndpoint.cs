using System.Text.Json;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Files;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;

namespace Platform.TenantShard.Batch;

/// <summary><c>POST /api/batch</c>: creates, updates, upserts and deletes of records in one transaction.</summary>
internal static class BatchEndpoint
{
    public static void Map(RouteTable routes) => routes.Map("POST", "/api/batch", HandleAsync);

    private static async Task HandleAsync(ApiContext context)
    {
        var limits = context.Policy.Batch ?? throw ApiException.Forbidden("Batch requests are not allowed.");
        // The command keeps parts of it.
        var body = await context.ReadBodyAsync(limits.BodyBytesMax, limits.BodyBytesMax);
        if (body.ValueKind != JsonValueKind.Undefined) body = body.Clone();
        var requests = BatchReader.Read(body, context.BodyFiles, limits);
        var steps = new List<BatchStep>(requests.Count);
        try
        {
            foreach (var request in requests) steps.Add(await BatchStep.PrepareAsync(context, request));
            var results = await StoreAndWriteAsync(context, steps, limits);
            await SendAsync(context, steps, results);
        }
        finally
        {
            foreach (var step in steps) step.Dispose();
        }
    }

    private static async Task<IReadOnlyList<RecordValues?>> StoreAndWriteAsync(
        ApiContext context, List<BatchStep> steps, BatchLimits limits)
    {
        var writes = steps.ConvertAll(static step => step.Write);
        if (!writes.Exists(static write => write.Uploads.Count > 0))
            return await WriteAsync(context, writes, limits, isRehearsal: false);
        await RehearseAsync(context, writes, limits);
        var held = new List<HeldUploads>();
        try
        {
            foreach (var write in writes)
            {
                if (write.Plan is not { } plan || write.Uploads.Count == 0) continue;
                held.Add(await HeldUploads.StoreAsync(
                    context.Tenant.Files, plan.Collection.Id, write.RecordId, write.Uploads, context.Aborted));
            }

            var results = await WriteAsync(context, writes, limits, isRehearsal: false);
            KeepAll(writes, results, held);
            return results;
        }
        finally
        {
            foreach (var uploads in held) uploads.Dispose();
        }
    }

    /// <summary>Refuses what would be refused, before anything is stored.</summary>
    private static async Task RehearseAsync(ApiContext context, List<IRecordWrite> writes, BatchLimits limits)
    {
        try
        {
            await WriteAsync(context, writes, limits, isRehearsal: true);
        }
        catch (BatchRehearsedException)
        {
            // It can be written.
        }
    }

    private static void KeepAll(
        List<IRecordWrite> writes, IReadOnlyList<RecordValues?> results, List<HeldUploads> held)
    {
        var next = 0;
        for (var index = 0; index < writes.Count; index++)
        {
            if (writes[index].Uploads.Count == 0) continue;
            held[next++].Keep(writes[index].Plan!, results[index]!);
        }
    }

    private static async Task<IReadOnlyList<RecordValues?>> WriteAsync(
        ApiContext context, List<IRecordWrite> writes, BatchLimits limits, bool isRehearsal)
    {
        var command = new BatchCommand(writes, limits.Timeout, context.Shard.Clock, isRehearsal);
        try
        {
            return await context.Shard.WriteAsync(command, context.Aborted);
        }
        finally
        {
            // Also when it is not known whether the write has been done.
            if (writes.Exists(MayVoidTokens)) context.Tenant.Tokens.Invalidate();
        }
    }

    /// <summary>A delete may cascade to auth records.</summary>
    private static bool MayVoidTokens(IRecordWrite write) =>
        write is PreparedDelete || write.Plan?.Collection.Type == CollectionType.Auth;

    private static async Task SendAsync(
        ApiContext context, List<BatchStep> steps, IReadOnlyList<RecordValues?> results)
    {
        var buffer = JsonBufferPool.Rent();
        try
        {
            var writer = buffer.Writer;
            writer.WriteStartArray();
            for (var index = 0; index < steps.Count; index++)
            {
                var step = steps[index];
                writer.WriteStartObject();
                writer.WriteNumber("status"u8, results[index] is null ? 204 : 200);
                writer.WritePropertyName("body"u8);
                if (results[index] is { } values)
                    await WrittenRecord.WriteAsync(step.Context, step.Write.Plan!, values, step.View!, buffer);
                else writer.WriteNullValue();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            await context.SendAsync(200, buffer);
        }
        finally
        {
            JsonBufferPool.Return(buffer);
        }
    }
}
