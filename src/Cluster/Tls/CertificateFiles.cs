namespace Platform.Cluster.Tls;

/// <summary>A certificate's two files at a moment: equal values mean that nothing has changed since.</summary>
internal sealed record CertificateFiles(
    string CertificatePath, string KeyPath, DateTime CertificateWritten, DateTime KeyWritten)
{
    public static CertificateFiles Look(string certificatePath, string keyPath) => new(
        certificatePath, keyPath, File.GetLastWriteTimeUtc(certificatePath), File.GetLastWriteTimeUtc(keyPath));
}
