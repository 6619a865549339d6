using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Platform.Cluster.Configuration.Options;

namespace Platform.Cluster.Store.Etcd;

/// <summary>TLS to etcd: whom to trust, and this process's own certificate. Files are read once, at the start.</summary>
internal static class EtcdTls
{
    /// <exception cref="ClusterStoreException">A file cannot be read.</exception>
    public static SslClientAuthenticationOptions? Open(EtcdSettings settings)
    {
        if (settings.Endpoints.All(endpoint => endpoint.Scheme == Uri.UriSchemeHttp)) return null;
        var options = new SslClientAuthenticationOptions();
        if (settings.CaFile.Length > 0) options.CertificateChainPolicy = TrustOnly(settings.CaFile);
        if (settings.CertificateFile.Length > 0)
        {
            var own = Read(
                settings.CertificateFile,
                file => X509Certificate2.CreateFromPemFile(file, settings.KeyFile));
            options.ClientCertificateContext = SslStreamCertificateContext.Create(own, null, offline: true);
        }

        return options;
    }

    private static X509ChainPolicy TrustOnly(string file)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        Read(file, path =>
        {
            policy.CustomTrustStore.ImportFromPemFile(path);
            return path;
        });
        return policy;
    }

    private static T Read<T>(string file, Func<string, T> read)
    {
        try
        {
            return read(file);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ClusterStoreException($"the certificate or key '{file}' cannot be read: {cause.Message}", cause);
        }
    }
}
