using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Platform.Cluster.Events;

/// <summary>One follower's events as server-sent events (WHATWG HTML, section 9.2), until it is stopped.</summary>
internal sealed class EventStream(EventFeed feed, EventRequest request, TimeProvider time)
{
    public const string ContentType = "text/event-stream";

    private const int BatchMax = 200;

    /// <summary>A comment now and then: proxies end what is silent, and a client that is gone is noticed.</summary>
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(15);

    private readonly ArrayBufferWriter<byte> _buffer = new();

    public async Task WriteAsync(HttpResponse response, CancellationToken over)
    {
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await response.Body.WriteAsync("retry: 1000\n\n"u8.ToArray(), over);
        await response.Body.FlushAsync(over);
        var place = request.After ?? feed.Newest;
        while (true)
        {
            var changed = feed.WaitAsync(place);
            var events = feed.After(place, BatchMax);
            if (events.Count > 0) place = events[^1].Id;
            foreach (var happened in events.Where(request.Wants)) Append(happened);
            if (events.Count == 0 && !await WaitAsync(changed, over)) _buffer.Write(":\n\n"u8);
            await SendAsync(response, over);
        }
    }

    private void Append(ClusterEvent happened)
    {
        _buffer.Write(Encoding.ASCII.GetBytes($"id: {happened.Id}\nevent: {happened.Kind}\ndata: "));
        using (var writer = new Utf8JsonWriter(_buffer)) EventJson.Write(writer, happened);
        _buffer.Write("\n\n"u8);
    }

    private async Task SendAsync(HttpResponse response, CancellationToken over)
    {
        if (_buffer.WrittenCount == 0) return;
        await response.Body.WriteAsync(_buffer.WrittenMemory, over);
        await response.Body.FlushAsync(over);
        _buffer.ResetWrittenCount();
    }

    /// <summary>False: nothing happened for a while.</summary>
    private async Task<bool> WaitAsync(Task changed, CancellationToken over)
    {
        try
        {
            await changed.WaitAsync(SilenceMax, time, over);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
