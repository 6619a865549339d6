using Platform.Cluster.Configuration.Options;

namespace Platform.Cluster.Configuration;

/// <summary>The keys of <c>platform.cluster.etcd</c>, and the rules between them.</summary>
internal static class EtcdBinding
{
    private const string Root = "platform.cluster.etcd.";

    public static EtcdSettings Bind(ConfigurationReader reader, IReadOnlyList<Uri> endpoints) => new()
    {
        Endpoints = endpoints,
        CaFile = reader.Text(Root + "ca-file", 4096),
        CertificateFile = reader.Text(Root + "certificate-file", 4096),
        KeyFile = reader.Text(Root + "key-file", 4096),
        User = reader.Text(Root + "user", 256),
        Password = reader.Secret(Root + "password", 1, 512) ?? "",
        Prefix = Prefix(reader),
        TryTimeout = reader.Duration(
            Root + "try-timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10)),
        Deadline = reader.Duration(Root + "deadline", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2)),
    };

    public static void Check(ConfigurationReader reader, ClusterOptions cluster)
    {
        var etcd = cluster.Etcd;
        if (cluster.Store == ClusterStoreKind.Etcd && etcd.Endpoints.Count == 0)
            reader.Refuse(Root + "endpoints", "is empty, but platform.cluster.store is 'etcd'");
        var isTls = etcd.Endpoints.Any(endpoint => endpoint.Scheme == Uri.UriSchemeHttps);
        if (isTls && etcd.Endpoints.Any(endpoint => endpoint.Scheme == Uri.UriSchemeHttp))
            reader.Refuse(Root + "endpoints", "mixes http and https");
        if (!isTls && etcd.CaFile.Length > 0) reader.Refuse(Root + "ca-file", "needs endpoints with https");
        if (!isTls && etcd.CertificateFile.Length > 0)
            reader.Refuse(Root + "certificate-file", "needs endpoints with https");
        if (etcd.CertificateFile.Length == 0 != (etcd.KeyFile.Length == 0))
            reader.Refuse(Root + "key-file", "certificate-file and key-file must be given together");
        if (etcd.User.Length == 0 != (etcd.Password.Length == 0))
            reader.Refuse(Root + "user", "user and password must be given together");
        if (etcd.Deadline < etcd.TryTimeout) reader.Refuse(Root + "deadline", "is shorter than try-timeout");
    }

    private static string Prefix(ConfigurationReader reader)
    {
        var text = reader.Text(Root + "prefix", 64);
        if (text.Length > 0 && (text[0] != '/' || text[^1] == '/' || text.Any(letter => letter is <= ' ' or > '~')))
            reader.Refuse(Root + "prefix", $"'{text}' must begin with '/', not end with it, and be visible ASCII");
        return text;
    }
}
