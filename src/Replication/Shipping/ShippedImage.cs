using System.Diagnostics.CodeAnalysis;
using Platform.Replication.Wal;

namespace Platform.Replication.Shipping;

/// <summary>
/// The whole database as of a shipped transaction, for as long as no checkpoint runs. Owns what it reads from the WAL.
/// </summary>
internal sealed class ShippedImage : IDisposable
{
    private readonly ShippedState _state;
    private readonly WalReader? _wal;
    private readonly WalPageList _frames;

    private ShippedImage(DatabaseFile file, ShippedState state, WalReader? wal, WalPageList frames)
    {
        (_state, _wal, _frames) = (state, wal, frames);
        Pages = new DatabaseImage(file, wal, frames);
    }

    /// <summary>The pages.</summary>
    public DatabaseImage Pages { get; }

    /// <summary>
    /// To be asked after the last page was read: after a checkpoint that did not say that it was complete SQLite may
    /// have restarted the WAL, and with it overwritten frames that were read here. The header is written before any frame.
    /// </summary>
    public bool WasIntact => _wal is null || (_wal.TryReadHeader() && _wal.Header.Salts == _state.Wal.Salts);

    /// <summary>False when the WAL is not the one that the transaction is in.</summary>
    public static bool TryOpen(DatabaseFile file, ShippedState state, [NotNullWhen(true)] out ShippedImage? image)
    {
        var frames = new WalPageList();
        var wal = state.IsInFile ? null : WalReader.TryOpen(file.WalPath);
        if (state.IsInFile || TryListFrames(wal, frames, state))
        {
            image = new ShippedImage(file, state, wal, frames);
            return true;
        }

        wal?.Dispose();
        frames.Dispose();
        image = null;
        return false;
    }

    public void Dispose()
    {
        _wal?.Dispose();
        _frames.Dispose();
    }

    private static bool TryListFrames(WalReader? wal, WalPageList frames, ShippedState state)
    {
        if (wal is null || !wal.TryReadHeader() || wal.Header.Salts != state.Wal.Salts)
        {
            return false;
        }

        var scan = wal.Scan(wal.Header.Start, frames, state.Wal.Offset - WalHeader.Bytes);
        frames.Seal(state.Commit);
        return scan.End.Offset == state.Wal.Offset;
    }
}
