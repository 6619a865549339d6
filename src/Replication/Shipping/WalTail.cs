using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Platform.Replication.Ltx;
using Platform.Replication.Wal;

namespace Platform.Replication.Shipping;

/// <summary>What is committed and not shipped, as files to be stored. Keeps the WAL open between them.</summary>
internal sealed partial class WalTail(DatabaseFile file, DatabaseReplicaOptions options)
{
    private readonly LtxFileBuilder _builder = new(
        file, options.Store.Layout, options.ReplicaPath, options.Time, options.WalBytesPerFileMax);

    private readonly ILogger _logger = options.Logger;
    private WalReader? _wal;

    /// <summary>True while the WAL is kept open.</summary>
    public bool IsOpen => Volatile.Read(ref _wal) is not null;

    /// <summary>False when nothing was committed after <paramref name="state"/>.</summary>
    public bool TryBuildNext(ShippedState state, [NotNullWhen(true)] out PendingFile? pending)
    {
        pending = null;
        // A kept handle sees what is appended. When nothing was, the file may have been replaced: look again by name.
        if (_wal is null || !_builder.TryBuild(_wal, state, out pending))
        {
            Close();
            _wal = WalReader.TryOpen(file.WalPath);
            if (_wal is null || !_builder.TryBuild(_wal, state, out pending))
            {
                return false;
            }
        }

        if (!pending.Range.IsGapless)
        {
            LogForeignCheckpoint(options.ReplicaPath, pending.Next.Txid);
        }

        return true;
    }

    /// <summary>Gives memory back until the next call.</summary>
    public void ReturnWindow() => _wal?.ReturnWindow();

    /// <summary>Closes the WAL until the next call.</summary>
    public void Close()
    {
        _wal?.Dispose();
        _wal = null;
    }

    [LoggerMessage(1001, LogLevel.Warning,
        "The WAL of replica {ReplicaPath} was restarted by something else; transaction {Txid} is stored as an image of "
        + "the whole database. Let nothing but the owner checkpoint it")]
    private partial void LogForeignCheckpoint(string replicaPath, Txid txid);
}
