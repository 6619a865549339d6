namespace Platform.Testing.Processes;

/// <summary>How a test wants its platform.</summary>
public sealed record PlatformSettings
{
    /// <summary>Each is passed as <c>--set platform.KEY=VALUE</c>.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>Added to the environment of the tests.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
