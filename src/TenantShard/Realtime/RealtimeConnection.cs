using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Realtime;

/// <summary>
/// Writes one client's messages as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html)
/// until the client goes, is ended by the hub, or its time is over.
/// </summary>
internal static class RealtimeConnection
{
    /// <summary>What is written before a flush waits for the client.</summary>
    private const int UnflushedBytesMax = 64 << 10;

    public static async Task RunAsync(ApiContext context, RealtimeClient client)
    {
        var http = context.Http;
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        // Proxies of the nginx kind would hold messages back.
        http.Response.Headers["X-Accel-Buffering"] = "no";
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.Aborted);
        var writing = WriteAsync(context, client, over.Token);
        try
        {
            // A client that does not read keeps the writer waiting, so its end must not depend on the writer.
            if (await Task.WhenAny(writing, client.Ended) != writing && client.IsTooSlow) http.Abort();
            await writing;
        }
        catch (OperationCanceledException) when (context.Aborted.IsCancellationRequested)
        {
            // Gone: an event stream has no other end.
        }
    }

    private static async Task WriteAsync(ApiContext context, RealtimeClient client, CancellationToken aborted)
    {
        var options = context.Services.Options.Realtime;
        var clock = context.Shard.Clock;
        var started = clock.GetTimestamp();
        var idLine = Encoding.ASCII.GetBytes($"id:{client.Id}\n");
        var output = context.Http.Response.BodyWriter;
        output.Write(idLine);
        output.Write(Encoding.ASCII.GetBytes(
            $"event:PB_CONNECT\ndata:{{\"clientId\":\"{client.Id}\"}}\n\n"));
        await output.FlushAsync(aborted);
        // One source for all waits: a message to a thousand clients must not make a thousand timers.
        using var over = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        await using var end = aborted.UnsafeRegister(static over => ((CancellationTokenSource)over!).Cancel(), over);
        while (true)
        {
            var rest = options.LifeMax - clock.GetElapsedTime(started);
            if (rest <= TimeSpan.Zero) return;
            over.CancelAfter(Min(rest, options.IdleAfter));
            if (!await WaitAsync(client, over.Token, aborted)) return;
            while (client.TryTake(out var message))
            {
                output.Write(idLine);
                output.Write(message);
                if (output.UnflushedBytes >= UnflushedBytesMax) await output.FlushAsync(aborted);
            }

            await output.FlushAsync(aborted);
        }
    }

    /// <summary>False when the time is over or the client was ended.</summary>
    private static async ValueTask<bool> WaitAsync(
        RealtimeClient client, CancellationToken over, CancellationToken aborted)
    {
        try
        {
            return await client.WaitAsync(over);
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            return false;
        }
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
