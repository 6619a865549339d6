using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Cluster.Admin;
using Platform.Cluster.Http;

namespace Platform.Cluster.Events;

/// <summary>
/// <c>GET /api/cp/events</c>: the newest events as a list, or, for who accepts <c>text/event-stream</c>, each event as
/// it happens.
/// </summary>
internal sealed class EventEndpoints(EventFeed feed, TimeProvider time, CancellationToken stopping)
{
    /// <summary>Of one process; each costs a connection and little else.</summary>
    private const int FollowersMax = 256;

    private int _followers;

    public void Map(IEndpointRouteBuilder routes, AdminGuard guard) =>
        routes.MapGet("/api/cp/events", guard.Protect(AnswerAsync));

    private async Task AnswerAsync(HttpContext context)
    {
        var (request, problem) = EventRequest.Read(context.Request);
        if (request is null) await JsonAnswer.WriteAsync(context, problem!);
        else if (IsFollowing(context.Request)) await FollowAsync(context, request);
        else await ListAsync(context, request);
    }

    private static bool IsFollowing(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains(EventStream.ContentType, StringComparison.OrdinalIgnoreCase);

    private Task ListAsync(HttpContext context, EventRequest request)
    {
        var events = request.After is { } place
            ? feed.After(place, int.MaxValue).Where(request.Wants).Take(request.Limit).ToList()
            : feed.Latest(request.Wants, request.Limit);
        return JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("items");
            foreach (var happened in events) EventJson.Write(writer, happened);
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private async Task FollowAsync(HttpContext context, EventRequest request)
    {
        if (Interlocked.Increment(ref _followers) > FollowersMax)
        {
            Interlocked.Decrement(ref _followers);
            await JsonAnswer.WriteAsync(context, new ApiProblem(
                503, $"This process has {FollowersMax} followers of events already; ask another control plane.")
            {
                RetryAfterSeconds = 5,
            });
            return;
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping, context.RequestAborted);
        try
        {
            await new EventStream(feed, request, time).WriteAsync(context.Response, over.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The client is gone, or the process stops: the client comes again with the place that it has.
        }
        finally
        {
            Interlocked.Decrement(ref _followers);
        }
    }
}
