using System.Net;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Configuration.Options;
using Platform.Messages.Tenants;

namespace Platform.Cluster.Configuration;

/// <summary>Keys to options: the type and range of each key, and the rules between keys.</summary>
internal sealed class OptionsBinder(ConfigurationReader reader)
{
    private const long Kibi = 1L << 10;
    private const long Mebi = 1L << 20;
    private const long Gibi = 1L << 30;

    public PlatformOptions Bind()
    {
        var dataFolder = Folder("platform.data-dir", "./platform-data");
        var options = new PlatformOptions
        {
            Mode = reader.Choice(
                "platform.mode",
                ("all-in-one", NodeMode.AllInOne), ("control-plane", NodeMode.ControlPlane),
                ("tenant-node", NodeMode.TenantNode), ("gateway", NodeMode.Gateway)),
            NodeId = NodeId(),
            Zone = reader.Text("platform.zone", 63),
            DataFolder = dataFolder,
            AdminToken = reader.Secret("platform.admin-token", 16, 256),
            LogLevel = reader.Choice(
                "platform.log-level",
                ("trace", LogLevel.Trace), ("debug", LogLevel.Debug), ("information", LogLevel.Information),
                ("warning", LogLevel.Warning), ("error", LogLevel.Error)),
            ShutdownTimeout = Seconds("platform.shutdown-timeout", 1, 600),
            Http = BindHttp(),
            Cluster = BindCluster(),
            ObjectStore = BindObjectStore(dataFolder),
            Gateway = BindGateway(),
            TenantNode = BindTenantNode(),
            Replication = BindReplication(),
            Import = new ImportOptions
            {
                BytesMax = reader.Bytes("platform.import.bytes-max", Mebi, 1024 * Gibi),
                EntriesMax = reader.Integer("platform.import.entries-max", 10, 10_000_000),
                RatioMax = reader.Integer("platform.import.ratio-max", 2, 1000),
            },
            Metrics = new MetricsOptions { SeriesMax = reader.Integer("platform.metrics.series-max", 100, 1_000_000) },
        };
        CheckCombinations(options);
        return options;
    }

    private HttpOptions BindHttp() => new()
    {
        Listen = Address("platform.http.listen") ?? new ListenAddress("127.0.0.1", IPAddress.Loopback, 0),
        InternalListen = reader.Text("platform.http.internal-listen").Length == 0
            ? null
            : Address("platform.http.internal-listen"),
        Advertise = OptionalUrl("platform.http.advertise"),
        BodyBytesMax = reader.Bytes("platform.http.body-bytes-max", Kibi, 16 * Gibi),
        AdminBodyBytesMax = (int)reader.Bytes("platform.http.admin-body-bytes-max", Kibi, 64 * Mebi),
        HeaderBytesMax = (int)reader.Bytes("platform.http.header-bytes-max", Kibi, Mebi),
        HeaderCountMax = reader.Integer("platform.http.header-count-max", 10, 1000),
        RequestLineBytesMax = (int)reader.Bytes("platform.http.request-line-bytes-max", Kibi, 64 * Kibi),
        HeaderTimeout = Seconds("platform.http.header-timeout", 1, 600),
        KeepAliveTimeout = Seconds("platform.http.keep-alive-timeout", 1, 3600),
        ConnectionsMax = reader.Integer("platform.http.connections-max", 10, 1_000_000),
        Tls = BindTls(),
    };

    private TlsOptions? BindTls()
    {
        var options = new TlsOptions
        {
            CertificateFile = reader.Text("platform.http.tls.certificate-file", 4096),
            KeyFile = reader.Text("platform.http.tls.key-file", 4096),
            Folder = reader.Text("platform.http.tls.folder", 4096),
            ReloadInterval = Seconds("platform.http.tls.reload-interval", 1, 24 * 3600),
        };
        if (options.CertificateFile.Length > 0 == options.KeyFile.Length > 0)
        {
            if (options.CertificateFile.Length > 0) return options;
            if (options.Folder.Length > 0)
                reader.Refuse("platform.http.tls.folder", "needs platform.http.tls.certificate-file for all other hosts");
            return null;
        }

        reader.Refuse("platform.http.tls.key-file", "certificate-file and key-file must be given together");
        return null;
    }

    private ClusterOptions BindCluster() => new()
    {
        Store = reader.Choice(
            "platform.cluster.store", ("embedded", ClusterStoreKind.Embedded), ("etcd", ClusterStoreKind.Etcd)),
        Secret = reader.Secret("platform.cluster.secret", 32, 256),
        LeaseTtl = Seconds("platform.cluster.lease-ttl", 2, 300),
        CoordinatorLeaseTtl = Seconds("platform.cluster.coordinator-lease-ttl", 1, 60),
        Watch = new WatchOptions
        {
            IsOn = reader.Boolean("platform.cluster.watch.on"),
            Refusals = reader.Integer("platform.cluster.watch.refusals", 2, 100),
            Interval = reader.Duration(
                "platform.cluster.watch.interval", TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(10)),
        },
        MovesMax = reader.Integer("platform.cluster.moves-max", 1, 100),
        EventsMax = reader.Integer("platform.cluster.events-max", 100, 1_000_000),
        PrepareTimeout = Seconds("platform.cluster.prepare-timeout", 1, 3600),
        SnapshotInterval = Seconds("platform.cluster.snapshot-interval", 0, 7 * 24 * 3600),
        SnapshotsKept = reader.Integer("platform.cluster.snapshots-kept", 1, 10_000),
        HistoryRevisionsMax = reader.Integer("platform.cluster.embedded.history-revisions-max", 100, 1_000_000),
        DeletedTenantsKept = Seconds("platform.cluster.deleted-tenants-kept", 0, 3650 * 24 * 3600),
        LogSweepInterval = Seconds("platform.cluster.log-sweep-interval", 0, 365 * 24 * 3600),
        Etcd = EtcdBinding.Bind(reader, Urls("platform.cluster.etcd.endpoints")),
    };

    private ObjectStoreOptions BindObjectStore(string dataFolder) => new()
    {
        Kind = reader.Choice("platform.object-store.kind", ("file", ObjectStoreKind.File), ("s3", ObjectStoreKind.S3)),
        Folder = Folder("platform.object-store.path", Path.Combine(dataFolder, "objects")),
        S3 = new S3Settings
        {
            Endpoint = OptionalUrl("platform.object-store.s3.endpoint"),
            Region = reader.Text("platform.object-store.s3.region", 63),
            Bucket = reader.Text("platform.object-store.s3.bucket", 255),
            Prefix = reader.Text("platform.object-store.s3.prefix", 512),
            AccessKey = reader.Secret("platform.object-store.s3.access-key", 1, 512) ?? "",
            SecretKey = reader.Secret("platform.object-store.s3.secret-key", 1, 512) ?? "",
            PathStyle = reader.Boolean("platform.object-store.s3.path-style"),
        },
    };

    private GatewayOptions BindGateway() => new()
    {
        BaseDomain = BaseDomain(),
        ConnectTimeout = reader.Duration(
            "platform.gateway.connect-timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
        AnswerTimeout = Seconds("platform.gateway.answer-timeout", 1, 3600),
        SilenceTimeout = Seconds("platform.gateway.silence-timeout", 10, 24 * 3600),
        HoldTimeout = reader.Duration(
            "platform.gateway.hold-timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)),
        HeldMax = reader.Integer("platform.gateway.held-max", 1, 1_000_000),
        ReplayBytesMax = (int)reader.Bytes("platform.gateway.replay-bytes-max", 0, 16 * Mebi),
        BreakerFailures = reader.Integer("platform.gateway.breaker-failures", 1, 1000),
        BreakerPause = reader.Duration(
            "platform.gateway.breaker-pause", TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
        StopDelay = Seconds("platform.gateway.stop-delay", 0, 600),
    };

    private TenantNodeOptions BindTenantNode() => new()
    {
        MaxActive = reader.Integer("platform.tenant-node.max-active", 1, 100_000),
        MemoryBudgetBytes = reader.Bytes("platform.tenant-node.memory-budget", 16 * Mebi, 1024 * Gibi),
        StatementMemoryBytes = reader.Bytes("platform.tenant-node.statement-memory", 64 * Mebi, 1024 * Gibi),
        IdleAfter = Seconds("platform.tenant-node.idle-after", 1, 7 * 24 * 3600),
        DrainTimeout = Seconds("platform.tenant-node.drain-timeout", 0, 3600),
        Durability = reader.Choice(
            "platform.tenant-node.durability", ("replicated", Durability.Replicated), ("local", Durability.Local)),
        ActivationDeadline = Seconds("platform.tenant-node.activation-deadline", 1, 600),
        WriteDeadline = Seconds("platform.tenant-node.write-deadline", 1, 600),
        StatementDeadline = reader.Duration(
            "platform.tenant-node.statement-deadline", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
        MailboxLengthMax = reader.Integer("platform.tenant-node.mailbox-length-max", 16, 100_000),
        GroupCommandsMax = reader.Integer("platform.tenant-node.group-commands-max", 1, 10_000),
        GroupWaitMax = reader.Duration(
            "platform.tenant-node.group-wait-max", TimeSpan.Zero, TimeSpan.FromMilliseconds(100)),
        StatementsMax = reader.Integer("platform.tenant-node.statements-max", 0, 1024),
        ReadersWaitingMax = reader.Integer("platform.tenant-node.readers-waiting-max", 16, 100_000),
        PageCacheBytes = reader.Bytes("platform.tenant-node.page-cache", 64 * Kibi, Gibi),
        CheckpointWalBytes = reader.Bytes("platform.tenant-node.checkpoint-wal-bytes", 256 * Kibi, Gibi),
        UnshippedBytesMax = reader.Bytes("platform.tenant-node.unshipped-bytes-max", Mebi, 64 * Gibi),
        LocalShipInterval = reader.Duration(
            "platform.tenant-node.local-ship-interval", TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1)),
        PasswordHashesMax = reader.Integer("platform.tenant-node.password-hashes-max", 0, 256),
        LoginsWaitingMax = reader.Integer("platform.tenant-node.logins-waiting-max", 1, 10_000),
        FailedLoginsMax = reader.Integer("platform.tenant-node.failed-logins-max", 1, 10_000),
        AdminUi = AdminUiFolder(),
        CacheBytesMax = reader.Bytes("platform.tenant-node.cache-bytes-max", 0, 1024 * 1024 * Gibi),
        LargeBodiesBytesMax = reader.Bytes("platform.tenant-node.large-bodies-bytes-max", 16 * Mebi, 1024 * Gibi),
        AnswerBytesMax = reader.Bytes("platform.tenant-node.answer-bytes-max", Mebi, Gibi),
        UploadBytesMax = reader.Bytes("platform.tenant-node.upload-bytes-max", Mebi, 1024 * Gibi),
        ReachesPrivateNetworks = reader.Boolean("platform.tenant-node.reaches-private-networks"),
        Realtime = TenantFeatureBinding.BindRealtime(reader),
        Mail = TenantFeatureBinding.BindMail(reader),
        Thumbs = TenantFeatureBinding.BindThumbs(reader),
    };

    private string AdminUiFolder()
    {
        const string Key = "platform.tenant-node.admin-ui";
        var folder = reader.Text(Key);
        if (folder.Length > 0 && !File.Exists(Path.Combine(folder, "index.html")))
            reader.Refuse(Key, $"'{folder}' is no folder with an index.html");
        return folder;
    }

    private ReplicationOptions BindReplication() => new()
    {
        Retention = Seconds("platform.replication.retention", 60, 366 * 24 * 3600),
        TransactionRetention = Seconds("platform.replication.transaction-retention", 0, 366 * 24 * 3600),
        TransactionsKept = reader.Integer("platform.replication.transactions-kept", 0, 100_000),
        DeletionGrace = Seconds("platform.replication.deletion-grace", 600, 7 * 24 * 3600),
        SnapshotInterval = Seconds("platform.replication.snapshot-interval", 10, 7 * 24 * 3600),
        MergeBytesMax = reader.Bytes("platform.replication.merge-bytes-max", Mebi, Gibi),
        UpkeepParallelism = reader.Integer("platform.replication.upkeep-parallelism", 1, 64),
        ScrubInterval = Seconds("platform.replication.scrub-interval", 0, 7 * 24 * 3600),
        RememberedTenantsMax = reader.Integer("platform.replication.remembered-tenants-max", 0, 1_000_000),
    };

    private void CheckCombinations(PlatformOptions options)
    {
        TenantFeatureBinding.Check(reader, options.TenantNode);
        if (options.Replication.TransactionRetention > options.Replication.Retention)
            reader.Refuse("platform.replication.transaction-retention", "is longer than platform.replication.retention");
        if (options.Mode != NodeMode.AllInOne)
        {
            if (options.Cluster.Store == ClusterStoreKind.Embedded)
                reader.Refuse("platform.cluster.store", "'embedded' serves one process; this mode needs 'etcd'");
            if (options.Cluster.Secret is null)
                reader.Refuse("platform.cluster.secret", "is needed by every mode but all-in-one");
            if (options.Mode is NodeMode.ControlPlane or NodeMode.TenantNode && options.Http.InternalListen is null)
                reader.Refuse(
                    "platform.http.internal-listen", "is needed by this mode: other processes reach it there");
        }

        EtcdBinding.Check(reader, options.Cluster);
        if (options.Http.InternalListen is { } internalListen && internalListen.Overlaps(options.Http.Listen))
            reader.Refuse("platform.http.internal-listen", $"'{internalListen}' is taken by platform.http.listen");
        if (options.TenantNode.GroupCommandsMax > options.TenantNode.MailboxLengthMax)
            reader.Refuse(
                "platform.tenant-node.group-commands-max",
                $"{options.TenantNode.GroupCommandsMax} is more than platform.tenant-node.mailbox-length-max holds"
                + $" ({options.TenantNode.MailboxLengthMax})");
        CheckS3(options.ObjectStore);
    }

    private void CheckS3(ObjectStoreOptions options)
    {
        if (options.Kind != ObjectStoreKind.S3) return;
        if (options.S3.Bucket.Length == 0)
            reader.Refuse("platform.object-store.s3.bucket", "is needed when platform.object-store.kind is 's3'");
        if (options.S3.AccessKey.Length == 0 != (options.S3.SecretKey.Length == 0))
            reader.Refuse("platform.object-store.s3.secret-key", "access-key and secret-key must be given together");
    }

    private string NodeId()
    {
        var text = reader.Text("platform.node-id", 63);
        if (text.Length == 0) return Environment.MachineName.ToLowerInvariant();
        if (!text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.' or '_'))
            reader.Refuse("platform.node-id", $"'{text}' may hold only letters, digits, '-', '.' and '_'");
        return text;
    }

    private string BaseDomain()
    {
        var text = reader.Text("platform.gateway.base-domain", 253).ToLowerInvariant();
        if (Uri.CheckHostName(text) != UriHostNameType.Dns)
            reader.Refuse("platform.gateway.base-domain", $"'{text}' is not a host name such as example.com");
        return text;
    }

    private string Folder(string key, string otherwise)
    {
        var text = reader.Text(key, 4096);
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            reader.Refuse(key, "holds a zero character");
            return otherwise;
        }

        return Path.GetFullPath(text.Length == 0 ? otherwise : text);
    }

    private ListenAddress? Address(string key) =>
        reader.Parsed(key, ListenAddress.Rule, text => ListenAddress.TryParse(text, out var address) ? address : null);

    private Uri? OptionalUrl(string key) => reader.Text(key).Length == 0 ? null : reader.Parsed(key, UrlRule, ParseUrl);

    private List<Uri> Urls(string key)
    {
        var texts = reader.Texts(key);
        var wrong = texts.Where(text => ParseUrl(text) is null).ToList();
        if (wrong.Count > 0) reader.Refuse(key, $"'{string.Join("', '", wrong)}' {UrlRule}");
        return [.. texts.Select(ParseUrl).OfType<Uri>()];
    }

    private const string UrlRule = "must be a URL such as http://host:port";

    private static Uri? ParseUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", UserInfo: "" }
            ? url
            : null;

    private TimeSpan Seconds(string key, int min, int max) =>
        reader.Duration(key, TimeSpan.FromSeconds(min), TimeSpan.FromSeconds(max));
}
