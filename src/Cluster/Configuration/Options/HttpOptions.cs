namespace Platform.Cluster.Configuration.Options;

/// <summary>Listeners and the limits of requests (<c>platform.http</c>).</summary>
internal sealed record HttpOptions
{
    public required ListenAddress Listen { get; init; }

    /// <summary>Null: operators use <see cref="Listen"/> too.</summary>
    public required ListenAddress? InternalListen { get; init; }

    /// <summary>Null: the address listened on.</summary>
    public required Uri? Advertise { get; init; }

    public required long BodyBytesMax { get; init; }

    public required int AdminBodyBytesMax { get; init; }

    public required int HeaderBytesMax { get; init; }

    public required int HeaderCountMax { get; init; }

    public required int RequestLineBytesMax { get; init; }

    public required TimeSpan HeaderTimeout { get; init; }

    public required TimeSpan KeepAliveTimeout { get; init; }

    public required int ConnectionsMax { get; init; }

    /// <summary>Null: the public listener speaks cleartext.</summary>
    public required TlsOptions? Tls { get; init; }
}
