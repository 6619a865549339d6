namespace Platform.Cluster.CommandLine;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The command was understood but could not be done, such as a port in use.</summary>
    public const int Failure = 1;

    /// <summary>The command line or the configuration is wrong: starting again will not help.</summary>
    public const int WrongUse = 2;
}
