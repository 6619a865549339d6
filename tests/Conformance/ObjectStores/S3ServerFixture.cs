using Platform.Testing.ObjectStores;

namespace Platform.Conformance.Tests.ObjectStores;

/// <summary>
/// One S3 server for all tests that need one; they run one after another, so that an outage is one test's own.
/// </summary>
public sealed class S3ServerFixture : IAsyncLifetime
{
    public S3Server Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await S3Server.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
