using Platform.Cluster.Configuration;

namespace Platform.Cluster.CommandLine;

/// <summary>
/// What the command line asks for. The grammar is small enough to be read by hand, with the errors that we want.
/// </summary>
internal sealed record PlatformArguments
{
    private static readonly string[] Verbs = ["serve", "help", "version"];
    private static readonly string[] ServeOptions = ["--mode", "--config", "--set", "--help"];

    public bool IsHelp { get; private init; }

    public bool IsVersion { get; private init; }

    /// <summary>Null unless the verb is <c>serve</c>.</summary>
    public ConfigurationSources? Serve { get; private init; }

    /// <summary>What is wrong, in words; null when nothing is.</summary>
    public string? Error { get; private init; }

    public static PlatformArguments Parse(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        if (arguments.Count == 0 || arguments[0] is "--help" or "-h" or "help") return new() { IsHelp = true };
        if (arguments[0] is "--version" or "version") return new() { IsVersion = true };
        if (arguments[0] == "serve") return ParseServe([.. arguments.Skip(1)], environment);
        return arguments[0].StartsWith('-')
            ? Wrong($"unknown option '{arguments[0]}'{NearestName.Hint(arguments[0], ["--help", "--version"])}")
            : Wrong($"unknown command '{arguments[0]}'{NearestName.Hint(arguments[0], Verbs)}");
    }

    private static PlatformArguments ParseServe(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        string? file = null;
        var settings = new List<string>();
        for (var index = 0; index < arguments.Count; index++)
        {
            var (name, value) = Split(arguments[index]);
            if (name is "--help" or "-h") return new() { IsHelp = true };
            if (!ServeOptions.Contains(name))
                return Wrong(name.StartsWith('-')
                    ? $"unknown option '{name}'{NearestName.Hint(name, ServeOptions)}"
                    : $"unexpected argument '{name}'; settings are given as --set KEY=VALUE");
            if (value is null && ++index < arguments.Count) value = arguments[index];
            if (value is null) return Wrong($"the option '{name}' needs a value");
            if (name == "--config" && file is not null)
                return Wrong("the option '--config' may be given once; a file can include others");
            if (name == "--config") file = value;
            else settings.Add(name == "--mode" ? $"platform.mode={value}" : value);
        }

        return new() { Serve = new() { File = file, Environment = environment, Settings = settings } };
    }

    private static (string Name, string? Value) Split(string argument)
    {
        var equals = argument.StartsWith("--", StringComparison.Ordinal)
            ? argument.IndexOf('=', StringComparison.Ordinal)
            : -1;
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }

    private static PlatformArguments Wrong(string error) => new() { Error = error };
}
