using Platform.Cluster.Store.Etcd.Grpc;
using Platform.Cluster.Store.Etcd.Wire;

namespace Platform.Cluster.Store.Etcd;

/// <summary>
/// The token of a user of etcd. It is got on first use and anew when etcd refuses it: it ends when it is not used for
/// minutes, and with changes of users.
/// </summary>
internal sealed class EtcdLogin(string user, string password, GrpcConnection connection) : IDisposable
{
    /// <summary>One login at a time: etcd takes 80 ms of processor for each.</summary>
    private readonly SemaphoreSlim _loggingIn = new(1, 1);
    private volatile string? _token;

    /// <summary>True when there is a user at all.</summary>
    public bool IsNeeded => user.Length > 0;

    /// <summary>The token to send; null without a user.</summary>
    public async ValueTask<string?> GetTokenAsync(Uri member, CancellationToken cancellationToken)
    {
        if (!IsNeeded) return null;
        if (_token is { } known) return known;
        await _loggingIn.WaitAsync(cancellationToken);
        try
        {
            if (_token is { } meanwhile) return meanwhile;
            var answer = await connection.CallAsync(
                member, EtcdMethods.Authenticate, new AuthenticateRequest { Name = user, Password = password }, null,
                cancellationToken);
            return _token = answer.Token;
        }
        finally
        {
            _loggingIn.Release();
        }
    }

    /// <summary>Forgets a token that was refused, unless there is a newer one already.</summary>
    public void Forget(string? refused)
    {
        if (_token == refused) _token = null;
    }

    public void Dispose() => _loggingIn.Dispose();
}
