using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Platform.Gateway.Proxying;

/// <summary>
/// Makes a request's body sendable more than once where that is cheap: a small one is kept, of a large one is known
/// whether anything was read. Puts the original body back at its end.
/// </summary>
internal sealed class RequestReplay : IDisposable
{
    private readonly HttpRequest _request;
    private readonly Stream _original;
    private readonly byte[]? _kept;
    private readonly WatchedBody? _watched;

    private RequestReplay(HttpRequest request, Stream original, byte[]? kept, WatchedBody? watched)
    {
        (_request, _original, _kept, _watched) = (request, original, kept, watched);
    }

    /// <summary>True when there is no body, or all of it is at hand.</summary>
    public bool IsWhole => _watched is null;

    /// <summary>True when the request can still be sent from its beginning.</summary>
    public bool CanSend => _watched is not { IsTouched: true };

    /// <exception cref="BadHttpRequestException">The client's body is too large, cut off or malformed.</exception>
    public static async ValueTask<RequestReplay> PrepareAsync(HttpContext context, int bytesMax)
    {
        var request = context.Request;
        var original = request.Body;
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
            return new RequestReplay(request, original, kept: null, watched: null);

        if (request.ContentLength is not { } length || length > bytesMax)
        {
            var watched = new WatchedBody(original);
            request.Body = watched;
            return new RequestReplay(request, original, kept: null, watched);
        }

        var kept = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            await original.ReadExactlyAsync(kept.AsMemory(0, (int)length), context.RequestAborted);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(kept, clearArray: true);
            throw;
        }

        return new RequestReplay(request, original, kept, watched: null);
    }

    /// <summary>Puts the body to its beginning, before each attempt.</summary>
    public void Rewind()
    {
        if (_kept is not null)
            _request.Body = new MemoryStream(_kept, 0, (int)_request.ContentLength!.Value, writable: false);
    }

    public void Dispose()
    {
        _request.Body = _original;

        // It may hold a password.
        if (_kept is not null) ArrayPool<byte>.Shared.Return(_kept, clearArray: true);
    }
}
