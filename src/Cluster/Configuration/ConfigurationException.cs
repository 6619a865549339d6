namespace Platform.Cluster.Configuration;

/// <summary>The configuration cannot be used. Holds every mistake that was found.</summary>
internal sealed class ConfigurationException(IReadOnlyList<ConfigurationProblem> problems)
    : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<ConfigurationProblem> Problems { get; } = problems;
}
