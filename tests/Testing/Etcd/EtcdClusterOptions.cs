namespace Platform.Testing.Etcd;

/// <summary>How a test wants its etcd.</summary>
public sealed record EtcdClusterOptions
{
    /// <summary>1 or 3.</summary>
    public int Members { get; init; } = 3;

    /// <summary>A folder with certificates, made by <see cref="EtcdCertificates"/>; null: no TLS.</summary>
    public string? TlsFolder { get; init; }

    /// <summary>Further flags of etcd.</summary>
    public string ExtraArguments { get; init; } = "";
}
