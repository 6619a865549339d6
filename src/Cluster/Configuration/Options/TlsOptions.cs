namespace Platform.Cluster.Configuration.Options;

/// <summary>Certificates of the public listener (<c>platform.http.tls</c>).</summary>
internal sealed record TlsOptions
{
    /// <summary>PEM file of the certificate for hosts without one of their own, with its chain.</summary>
    public required string CertificateFile { get; init; }

    /// <summary>PEM file of its private key, not encrypted.</summary>
    public required string KeyFile { get; init; }

    /// <summary>Folder of pairs <c>{host}.crt</c> and <c>{host}.key</c>; empty: none.</summary>
    public required string Folder { get; init; }

    /// <summary>How often the files are looked at for changes.</summary>
    public required TimeSpan ReloadInterval { get; init; }
}
