using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Cluster.Configuration;
using Platform.Cluster.Configuration.Options;
using Platform.Cluster.Modes;
using Platform.Cluster.Tests.Support;
using Platform.Cluster.Tls;

namespace Platform.Cluster.Tests.Tls;

public sealed class CertificateStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_public_listener_speaks_https_with_http_2_and_the_internal_one_cleartext()
    {
        Write("general", "acme.localhost");
        await using var node = await StartAsync("platform.http.internal-listen=127.0.0.1:0");
        using var client = ClientSeeing(_ => { });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node.PublicUrl, "/alive"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var answer = await client.SendAsync(request);
        using var cleartext = await client.GetAsync(new Uri(node.InternalUrl!, "/alive"));

        Assert.Equal("https", node.PublicUrl.Scheme);
        Assert.Equal(HttpVersion.Version20, answer.Version);
        Assert.Equal(HttpStatusCode.OK, cleartext.StatusCode);
    }

    [Fact]
    public async Task Each_host_gets_its_own_certificate_its_wildcard_or_the_general_one()
    {
        Write("general", "general");
        Write("hosts/shop.example.com", "shop");
        Write("hosts/*.example.org", "wildcard");
        await using var node = await StartAsync($"platform.http.tls.folder={_folder.File("hosts")}");

        Assert.Equal("CN=shop", await SubjectAsync(node, "SHOP.example.com"));
        Assert.Equal("CN=wildcard", await SubjectAsync(node, "any.example.org"));
        Assert.Equal("CN=general", await SubjectAsync(node, "a.b.example.org"));
        Assert.Equal("CN=general", await SubjectAsync(node, "other.example.com"));
    }

    [Fact]
    public void A_renewed_certificate_is_used_from_the_next_look_on()
    {
        Write("general", "first");
        Write("hosts/a.example.com", "a");
        var store = Open();
        Write("general", "second");
        Write("hosts/b.example.com", "b");
        File.Delete(_folder.File("hosts/a.example.com.crt"));

        store.Reload();

        Assert.Equal("CN=second", store.Find(null).TargetCertificate.Subject);
        Assert.Equal("CN=b", store.Find("b.example.com").TargetCertificate.Subject);
        Assert.Equal("CN=second", store.Find("a.example.com").TargetCertificate.Subject);
    }

    [Fact]
    public void A_file_that_cannot_be_used_leaves_the_certificate_before_it_in_use()
    {
        Write("general", "first");
        Write("hosts/a.example.com", "a");
        var store = Open();
        _folder.Write("general.crt", "half a certificate");
        _folder.Write("hosts/a.example.com.key", "half a key");

        store.Reload();

        Assert.Equal("CN=first", store.Find(null).TargetCertificate.Subject);
        Assert.Equal("CN=a", store.Find("a.example.com").TargetCertificate.Subject);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("garbage")]
    [InlineData("foreign key")]
    public async Task A_certificate_that_cannot_be_used_stops_the_start_with_its_name(string fault)
    {
        Write("general", "first");
        Write("other", "other");
        if (fault == "missing") File.Delete(_folder.File("general.crt"));
        if (fault == "garbage") _folder.Write("general.crt", "no certificate");
        if (fault == "foreign key") File.Copy(_folder.File("other.key"), _folder.File("general.key"), overwrite: true);

        var error = await Assert.ThrowsAsync<StartException>(() => StartAsync());

        Assert.Contains("general.crt", error.Message, StringComparison.Ordinal);
        Assert.Contains("platform.http.tls", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_without_its_key_is_refused_by_the_configuration()
    {
        var error = Assert.Throws<ConfigurationException>(
            () => NodeFixture.Options(_folder, "platform.http.tls.certificate-file=/tmp/a.crt"));

        Assert.Contains("platform.http.tls.key-file", error.Message, StringComparison.Ordinal);
    }

    private CertificateStore Open() => CertificateStore.Open(
        new TlsOptions
        {
            CertificateFile = _folder.File("general.crt"),
            KeyFile = _folder.File("general.key"),
            Folder = _folder.File("hosts"),
            ReloadInterval = TimeSpan.FromSeconds(30),
        },
        TimeProvider.System,
        NullLogger<CertificateStore>.Instance);

    private Task<AllInOneNode> StartAsync(params string[] settings) => AllInOneNode.StartAsync(
        NodeFixture.Options(
            _folder,
            [
                $"platform.http.tls.certificate-file={_folder.File("general.crt")}",
                $"platform.http.tls.key-file={_folder.File("general.key")}", .. settings,
            ]),
        TimeProvider.System,
        CancellationToken.None);

    private static async Task<string> SubjectAsync(AllInOneNode node, string host)
    {
        var subject = "";
        using var client = ClientSeeing(certificate => subject = certificate.Subject);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{host}:{node.PublicUrl.Port}/alive");
        (await client.SendAsync(request)).Dispose();
        return subject;
    }

    /// <summary>Connects to loopback whatever the host is called.</summary>
    private static HttpClient ClientSeeing(Action<X509Certificate> see) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancelled) =>
        {
            var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancelled);
            return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
        },
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                see(certificate!);
                return certificate!.Subject.StartsWith("CN=", StringComparison.Ordinal);
            },
        },
    });

    private void Write(string name, string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={subject}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        _folder.Write(name + ".crt", certificate.ExportCertificatePem());
        _folder.Write(name + ".key", key.ExportPkcs8PrivateKeyPem());
    }
}
