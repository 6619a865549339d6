using Platform.TenantShard.Auth;

namespace Platform.TenantShard.Http;

/// <summary>What the tenant APIs of a node share, for the life of the process.</summary>
internal sealed class ApiServices(TenantApiOptions options) : IDisposable
{
    public TenantApiOptions Options { get; } = options;

    public PasswordHasher Passwords { get; } = new(options.PasswordHashesMax, options.LoginsWaitingMax);

    public void Dispose() => Passwords.Dispose();
}
