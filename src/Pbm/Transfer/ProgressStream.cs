using System.Globalization;
using Platform.Pbm.Terminal;

namespace Platform.Pbm.Transfer;

/// <summary>
/// Passes writes on and shows a person how many bytes have passed; says nothing where nobody watches. Its end is not the
/// end of the stream below.
/// </summary>
internal sealed class ProgressStream(Stream destination, string verb, PbmTerminal terminal, bool isQuiet) : Stream
{
    /// <summary>Often enough to be seen to move.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly bool _isShown = terminal.IsOutputTerminal && !isQuiet;
    private long _shownAt;

    public long Written { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => Written;

    public override long Position
    {
        get => Written;
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await destination.WriteAsync(buffer, cancellationToken);
        Written += buffer.Length;
        if (!_isShown || TimeProvider.System.GetElapsedTime(_shownAt) < Interval) return;
        _shownAt = TimeProvider.System.GetTimestamp();
        Show();
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => destination.FlushAsync(cancellationToken);

    public override void Flush() => destination.Flush();

    public override void Write(byte[] buffer, int offset, int count)
    {
        destination.Write(buffer, offset, count);
        Written += count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Shows the sum, and leaves the line.</summary>
    public void Finish()
    {
        if (!_isShown) return;
        Show();
        terminal.Error.WriteLine();
    }

    private void Show() => terminal.Error.Write(string.Create(
        CultureInfo.InvariantCulture, $"\r{verb} {Written / (1024.0 * 1024.0):0.0} MiB"));
}
