using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Hosting.Recovery;

/// <summary>
/// Local disk for databases that are restored to be copied on. Each user has a folder that goes with it; what a crash
/// left is removed at the start.
/// </summary>
internal sealed class ScratchSpace
{
    /// <summary>At once: each takes the disk of up to two databases, and a core while it encodes.</summary>
    public const int UsersMax = 4;

    private readonly string _path;
    private int _users;

    public ScratchSpace(string path)
    {
        _path = path;
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
    }

    /// <exception cref="ApiException">503: all places are taken.</exception>
    public ScratchFolder Enter()
    {
        if (Interlocked.Increment(ref _users) > UsersMax)
        {
            Leave();
            throw ApiException.Unavailable(
                $"{UsersMax} copies, backups and restores run on this node already.", retryAfterSeconds: 10);
        }

        Directory.CreateDirectory(_path);
        return new ScratchFolder(this, Path.Combine(_path, Path.GetRandomFileName()));
    }

    public void Leave() => Interlocked.Decrement(ref _users);
}
