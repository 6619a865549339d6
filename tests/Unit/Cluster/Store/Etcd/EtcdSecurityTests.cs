using Platform.Cluster.Configuration.Options;
using Platform.Cluster.Store;
using Platform.Testing;
using Platform.Testing.Etcd;

namespace Platform.Cluster.Tests.Store.Etcd;

/// <summary>TLS with certificates on both sides, and a user whose tokens end.</summary>
public sealed class EtcdSecurityTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private EtcdCluster _cluster = null!;

    public async Task InitializeAsync()
    {
        EtcdCertificates.Write(_folder["tls"]);
        _cluster = await EtcdCluster.StartAsync(new EtcdClusterOptions
        {
            Members = 1,
            TlsFolder = _folder["tls"],

            // Tokens that end after a second, whether they are used or not.
            ExtraArguments = $"--auth-token=jwt,pub-key={_folder["jwt.pub"]},priv-key={WriteTokenKeys()},sign-method=RS256,ttl=1s",
        });
    }

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_client_with_a_certificate_and_a_user_works_also_after_its_token_has_ended()
    {
        await _cluster.ControlAsync("user", "add", "root:secret");
        await _cluster.ControlAsync("user", "grant-role", "root", "root");
        await _cluster.ControlAsync("auth", "enable");
        await using var store = await EtcdFixture.OpenAsync(Settings() with { User = "root", Password = "secret" });
        var lease = await store.GrantLeaseAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        for (var round = 0; round < 4; round++)
        {
            var commit = await store.CommitAsync(
                new() { Operations = [StoreOperation.Put("/a", new byte[] { (byte)round }, lease.Id)] }, timeout.Token);
            await store.RenewLeaseAsync(lease.Id, timeout.Token);
            await using (var watch = store.WatchAsync("/", commit.Revision, timeout.Token).GetAsyncEnumerator(timeout.Token))
                Assert.True(await watch.MoveNextAsync());
            await Task.Delay(TimeSpan.FromMilliseconds(700), timeout.Token);
        }

        Assert.Equal(3, (await store.GetAsync("/a", timeout.Token))!.Value.Span[0]);
        await Assert.ThrowsAsync<ClusterStoreException>(
            () => EtcdFixture.OpenAsync(Settings() with { User = "root", Password = "wrong" }));
        await Assert.ThrowsAsync<ClusterStoreException>(() => EtcdFixture.OpenAsync(Settings()));
    }

    [Fact]
    public async Task Without_the_certificate_or_the_authority_there_is_no_connection()
    {
        var settings = Settings() with { Deadline = TimeSpan.FromSeconds(2) };
        await using (var store = await EtcdFixture.OpenAsync(settings)) Assert.Contains("127.0.0.1", store.Description);
        await Assert.ThrowsAsync<ClusterStoreException>(
            () => EtcdFixture.OpenAsync(settings with { CertificateFile = "", KeyFile = "" }));
        await Assert.ThrowsAsync<ClusterStoreException>(() => EtcdFixture.OpenAsync(settings with { CaFile = "" }));
        var missing = await Assert.ThrowsAsync<ClusterStoreException>(
            () => EtcdFixture.OpenAsync(settings with { KeyFile = _folder["none.pem"] }));
        Assert.Contains("cannot be read", missing.Message);
    }

    private EtcdSettings Settings() => EtcdFixture.Settings(_cluster) with
    {
        CaFile = _folder["tls/ca.pem"],
        CertificateFile = _folder["tls/client.pem"],
        KeyFile = _folder["tls/client-key.pem"],
    };

    private string WriteTokenKeys()
    {
        using var key = System.Security.Cryptography.RSA.Create(2048);
        File.WriteAllText(_folder["jwt.pub"], key.ExportSubjectPublicKeyInfoPem());
        File.WriteAllText(_folder["jwt.key"], key.ExportRSAPrivateKeyPem());
        return _folder["jwt.key"];
    }
}
