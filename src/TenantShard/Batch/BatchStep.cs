using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.RateLimits;
using Platform.TenantShard.Records;
using Platform.TenantShard.Records.Codecs;

namespace Platform.TenantShard.Batch;

/// <summary>One request of a batch, ready to run, with how it wants its answer.</summary>
internal sealed class BatchStep : IDisposable
{
    private static readonly string[] Create = ["create"];
    private static readonly string[] Upsert = ["create", "update"];
    private static readonly string[] Update = ["update"];
    private static readonly string[] Delete = ["delete"];

    private readonly ApiContext? _other;

    private BatchStep(ApiContext context, ApiContext? other, IRecordWrite write, RecordView? view)
    {
        Context = context;
        _other = other;
        Write = write;
        View = view;
    }

    public ApiContext Context { get; }

    public IRecordWrite Write { get; }

    /// <summary>Null when it has nothing to show.</summary>
    public RecordView? View { get; }

    /// <summary>Prepares a request. A refusal is kept for its turn: what comes before may be refused as well.</summary>
    public static async Task<BatchStep> PrepareAsync(ApiContext batch, BatchRequest request)
    {
        var isKnown = BatchRoute.TryMatch(request, out var values);
        var isUpsert = isKnown && request.Method == "PUT";
        var id = isUpsert ? IdOf(request.Body) : "";
        var context = Enter(batch, request, isUpsert ? "POST" : request.Method, values);
        var other = id.Length > 0 ? Enter(batch, request, "PATCH", values with { Second = id }) : null;
        var view = default(RecordView);
        var write = await TryAsync(async () =>
        {
            if (!isKnown) throw ApiException.BadRequest($"Unsupported batch request action {request.Method}.");
            RateLimitGate.EnterAction(batch, values.First, TagsOf(request.Method));
            if (request.Method == "DELETE") return new PreparedDelete(context);
            view = RecordView.Read(context, context.FindCollection(values.First));
            if (request.Method == "PATCH") return await PreparedUpdate.PrepareAsync(context);
            if (other is null) return await PreparedCreate.PrepareAsync(context);
            var plan = CollectionPlan.For(context.FindCollection(values.First));
            return new PreparedUpsert(
                plan, id,
                await TryAsync(async () => await PreparedCreate.PrepareAsync(context)),
                await TryAsync(async () => await PreparedUpdate.PrepareAsync(other)));
        });
        return new BatchStep(context, other, write, view);
    }

    public void Dispose()
    {
        Context.Dispose();
        _other?.Dispose();
    }

    private static async Task<IRecordWrite> TryAsync(Func<Task<IRecordWrite>> prepareAsync)
    {
        try
        {
            return await prepareAsync();
        }
        catch (ApiException refusal)
        {
            return new RefusedWrite(refusal);
        }
    }

    private static ApiContext Enter(ApiContext batch, BatchRequest request, string method, RouteValues values)
    {
        var http = new DefaultHttpContext { RequestAborted = batch.Aborted };
        http.Request.Method = method;
        http.Request.Path = new PathString(request.Path.StartsWith('/') ? request.Path : "/" + request.Path);
        http.Request.QueryString = request.Query;
        if (request.Headers.ValueKind == JsonValueKind.Object) AddHeaders(http.Request.Headers, request.Headers);
        return batch.Within(http, values, RequestBody.Of(request.Body, request.Files));
    }

    private static void AddHeaders(IHeaderDictionary headers, JsonElement sent)
    {
        foreach (var member in sent.EnumerateObject())
        {
            // All requests of a batch have its identity.
            if (member.Name.Equals(HeaderNames.Authorization, StringComparison.OrdinalIgnoreCase)) continue;
            if (member.Value.ValueKind == JsonValueKind.String && TextCast.TryRead(member.Value, out var text))
                headers[member.Name] = text;
        }
    }

    private static string[] TagsOf(string method) => method switch
    {
        "POST" => Create,
        "PUT" => Upsert,
        "PATCH" => Update,
        _ => Delete,
    };

    private static string IdOf(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object
            && body.TryGetProperty("id", out var id)
            && id.ValueKind == JsonValueKind.String
            && TextCast.TryRead(id, out var text)
            ? text
            : "";
}
