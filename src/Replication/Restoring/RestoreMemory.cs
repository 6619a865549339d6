using System.Threading.Channels;

namespace Platform.Replication.Restoring;

/// <summary>
/// What the restores of a process hold in memory together: so many parts. A restore asks for its parts in their order and
/// gets them in that order, so each has at least the part that it needs next, or holds none while it waits.
/// </summary>
/// <param name="partsMax">Parts of all restores that are downloaded or not yet applied.</param>
public sealed class RestoreMemory(int partsMax)
{
    // An item for each part that is held: who finds it full waits in the order of the asking.
    private readonly Channel<bool> _held = Channel.CreateBounded<bool>(partsMax);

    /// <summary>Parts that may be downloaded now.</summary>
    public int Free => partsMax - _held.Reader.Count;

    internal ValueTask EnterAsync(CancellationToken cancellationToken) =>
        _held.Writer.WriteAsync(item: true, cancellationToken);

    internal void Exit() => _held.Reader.TryRead(out _);
}
