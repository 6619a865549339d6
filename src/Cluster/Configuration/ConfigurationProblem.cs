namespace Platform.Cluster.Configuration;

/// <summary>One mistake in the configuration, for the operator: which key, written where, and what is wrong.</summary>
internal sealed record ConfigurationProblem(string Key, string Source, string Message)
{
    public override string ToString() => Key.Length == 0 ? $"{Source}: {Message}" : $"{Key} ({Source}): {Message}";
}
