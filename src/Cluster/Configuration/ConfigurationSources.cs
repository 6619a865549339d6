namespace Platform.Cluster.Configuration;

/// <summary>Where configuration comes from besides the reference, lowest precedence first.</summary>
internal sealed record ConfigurationSources
{
    /// <summary>The file of <c>--config</c>, or null.</summary>
    public string? File { get; init; }

    /// <summary>Variables of the environment; those that start with <c>PLATFORM_</c> are settings.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary><c>KEY=VALUE</c>, in the order of the command line.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];
}
