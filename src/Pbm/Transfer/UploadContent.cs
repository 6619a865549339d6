using System.Net;
using System.Net.Http.Headers;
using Platform.Pbm.Admin;
using Platform.Pbm.Terminal;

namespace Platform.Pbm.Transfer;

/// <summary>A zip as the body of a request, written while it is sent.</summary>
internal sealed class UploadContent : HttpContent
{
    private readonly Func<Stream, CancellationToken, Task> _write;
    private readonly long? _length;
    private readonly PbmTerminal _terminal;
    private readonly bool _isQuiet;

    /// <param name="write">Writes the zip.</param>
    /// <param name="length">Its size, when it is known.</param>
    /// <param name="terminal">Where progress is shown.</param>
    /// <param name="isQuiet">True: nowhere.</param>
    public UploadContent(
        Func<Stream, CancellationToken, Task> write, long? length, PbmTerminal terminal, bool isQuiet)
    {
        (_write, _length, _terminal, _isQuiet) = (write, length, terminal, isQuiet);
        Headers.ContentType = new MediaTypeHeaderValue("application/zip");
    }

    /// <summary>The file or folder could not be read: that, and not the broken connection, is what to tell.</summary>
    public PbmException? Failure { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var progress = new ProgressStream(stream, "Sent", _terminal, _isQuiet);
        await using (progress)
        {
            try
            {
                await _write(progress, cancellationToken);
            }
            catch (PbmException unreadable)
            {
                Failure = unreadable;
                throw new HttpRequestException(unreadable.Message, unreadable);
            }

            progress.Finish();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length ?? 0;
        return _length is not null;
    }
}
