using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;
using Platform.Replication.ObjectStore;
using Platform.Testing.Processes;

namespace Platform.Testing.ObjectStores;

/// <summary>
/// A real S3 server (Ceph's gateway) on a free port of the loopback, by <c>tests/tools/s3-server</c>, which installs it
/// when it is missing (as root on Debian, a minute or two). Outages are made with <see cref="PauseAsync"/> (hanging
/// connections) and <see cref="KillAsync"/> (refused ones). Ends with <see cref="DisposeAsync"/>, or with the process.
/// Objects are kept in memory.
/// </summary>
public sealed class S3Server : IAsyncDisposable
{
    /// <summary>Installing on a slow machine is the long case.</summary>
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromMinutes(8);

    private readonly TempFolder _folder;
    private readonly int _port;
    private readonly string? _host;
    private int _lastBucket;

    private S3Server(TempFolder folder, int port, string? host)
    {
        _folder = folder;
        _port = port;
        _host = host;
        Endpoint = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{host ?? "127.0.0.1"}:{port}"));
    }

    /// <summary>Its URL.</summary>
    public Uri Endpoint { get; }

    /// <summary>Public, fixed, and good for this server only.</summary>
    public string AccessKey { get; private set; } = "";

    /// <inheritdoc cref="AccessKey"/>
    public string SecretKey { get; private set; } = "";

    /// <summary>The region to sign for.</summary>
    public string Region { get; private set; } = "";

    /// <summary>Starts a server; throws with its own words when it cannot.</summary>
    /// <param name="host">An address of this machine to listen on, besides the loopback's.</param>
    public static async Task<S3Server> StartAsync(string? host = null)
    {
        var server = new S3Server(new TempFolder(), FreePort(), host);
        try
        {
            await server.RestartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a bucket of its own for a test; returns its name.</summary>
    public async Task<string> CreateBucketAsync()
    {
        var bucket = string.Create(
            CultureInfo.InvariantCulture, $"bucket-{Environment.ProcessId}-{Interlocked.Increment(ref _lastBucket)}");
        var config = new AmazonS3Config
        {
            ServiceURL = Endpoint.ToString(),
            ForcePathStyle = true,
            AuthenticationRegion = Region,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        using var client = new AmazonS3Client(new BasicAWSCredentials(AccessKey, SecretKey), config);
        await client.PutBucketAsync(bucket);
        return bucket;
    }

    /// <summary>The settings of a store in this server.</summary>
    public S3ObjectStoreOptions Options(string bucket) => new()
    {
        Endpoint = Endpoint,
        Region = Region,
        Bucket = bucket,
        AccessKey = AccessKey,
        SecretKey = SecretKey,
    };

    /// <summary>From now on requests hang.</summary>
    public Task PauseAsync() => RunAsync("pause");

    /// <summary>Ends a pause: what hung goes on.</summary>
    public Task ResumeAsync() => RunAsync("resume");

    /// <summary>From now on connections are refused. Objects are kept.</summary>
    public Task KillAsync() => RunAsync("kill");

    /// <summary>Starts it again after a kill, on the same port with the same objects.</summary>
    public async Task RestartAsync()
    {
        var answer = await RunAsync("start", _port.ToString(CultureInfo.InvariantCulture));
        var values = answer.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        (AccessKey, SecretKey, Region) = (values["S3_ACCESS_KEY"], values["S3_SECRET_KEY"], values["S3_REGION"]);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await RunAsync("wipe");
        _folder.Dispose();
    }

    private Task<string> RunAsync(string command, params string[] arguments) => Command.OutputAsync(
        "bash", [RepositoryFolder.Path("tests/tools/s3-server"), command, _folder["s3"], .. arguments],
        new Dictionary<string, string>
        {
            ["S3_STORE"] = "memstore",
            ["S3_HOST"] = _host ?? "",
            ["S3_OWNER_PID"] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
        },
        CommandTimeout);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
