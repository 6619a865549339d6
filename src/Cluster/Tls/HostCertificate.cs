using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Platform.Cluster.Tls;

/// <summary>A certificate with its chain, ready for handshakes, and the files that it came from.</summary>
/// <param name="Files">Where it came from, as they were then.</param>
/// <param name="Context">What handshakes use.</param>
/// <param name="Expires">When it is valid no more.</param>
internal sealed record HostCertificate(
    CertificateFiles Files, SslStreamCertificateContext Context, DateTimeOffset Expires)
{
    /// <exception cref="CryptographicException">The files do not hold a certificate and a key.</exception>
    /// <exception cref="ArgumentException">The key is not the certificate's.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">They may not be read.</exception>
    public static HostCertificate Load(CertificateFiles files)
    {
        using var pem = X509Certificate2.CreateFromPemFile(files.CertificatePath, files.KeyPath);

        // Through PKCS #12: some platforms cannot use a key that was never stored in handshakes.
        var certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), password: null);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(files.CertificatePath);
        return new HostCertificate(
            files, SslStreamCertificateContext.Create(certificate, chain, offline: true), certificate.NotAfter);
    }
}
