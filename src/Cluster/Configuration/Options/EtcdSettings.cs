namespace Platform.Cluster.Configuration.Options;

/// <summary>How etcd is reached (<c>platform.cluster.etcd</c>). Empty texts mean "not set".</summary>
internal sealed record EtcdSettings
{
    public required IReadOnlyList<Uri> Endpoints { get; init; }

    /// <summary>PEM; empty: the system's authorities.</summary>
    public string CaFile { get; init; } = "";

    public string CertificateFile { get; init; } = "";

    public string KeyFile { get; init; } = "";

    public string User { get; init; } = "";

    public string Password { get; init; } = "";

    /// <summary>Before every key; empty, or <c>/</c> and more that does not end with <c>/</c>.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>How long one member may take for one answer before the next is asked.</summary>
    public TimeSpan TryTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a call may take over all members together.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);
}
