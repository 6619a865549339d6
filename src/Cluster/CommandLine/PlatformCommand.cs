using System.Collections;
using System.Reflection;
using Platform.Cluster.Configuration;
using Platform.Cluster.Configuration.Options;
using Platform.Cluster.Modes;

namespace Platform.Cluster.CommandLine;

/// <summary>
/// The executable <c>platform</c>: from arguments to an exit code. An operator never sees a stack trace.
/// </summary>
internal sealed class PlatformCommand(TextWriter output, TextWriter error, TimeProvider time)
{
    private const string Help =
        """
        The platform: a backend with an own SQLite database for every tenant.

        Usage:
          platform serve [--mode MODE] [--config FILE] [--set KEY=VALUE ...]
          platform --version | --help

        Options of serve:
          --mode MODE        all-in-one (default), control-plane, tenant-node or gateway
          --config FILE      a HOCON file; hocon/reference.conf lists every key with its default
          --set KEY=VALUE    one key, over the file and the environment; may be repeated

        Every key is also an environment variable: platform.http.listen is PLATFORM_HTTP_LISTEN.

        Examples:
          platform serve
          platform serve --set platform.http.listen=127.0.0.1:9000 --set platform.data-dir=/var/lib/platform
        """;

    internal static string Version { get; } =
        typeof(PlatformCommand).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var parsed = PlatformArguments.Parse(arguments, ReadEnvironment());
        if (parsed.Error is not null)
        {
            await error.WriteLineAsync($"platform: {parsed.Error}");
            await error.WriteLineAsync("'platform --help' shows what can be asked.");
            return ExitCode.WrongUse;
        }

        if (parsed.Serve is null)
        {
            await output.WriteLineAsync(parsed.IsVersion ? $"platform {Version}" : Help);
            return ExitCode.Success;
        }

        return await ServeAsync(parsed.Serve);
    }

    private async Task<int> ServeAsync(ConfigurationSources sources)
    {
        PlatformOptions options;
        try
        {
            options = ConfigurationLoader.Load(sources);
        }
        catch (ConfigurationException refused)
        {
            var count = refused.Problems.Count;
            await error.WriteLineAsync($"platform: the configuration has {count} mistake{(count == 1 ? "" : "s")}:");
            foreach (var problem in refused.Problems) await error.WriteLineAsync($"  {problem}");
            return ExitCode.WrongUse;
        }

        if (options.Mode == NodeMode.AllInOne && options.Cluster.Store == ClusterStoreKind.Etcd)
        {
            await error.WriteLineAsync(
                "platform: the mode all-in-one has the embedded cluster store; with platform.cluster.store = etcd choose "
                + "platform.mode control-plane, tenant-node or gateway");
            return ExitCode.WrongUse;
        }

        return await new ServeCommand(options, output, error, time).RunAsync();
    }

    private static Dictionary<string, string> ReadEnvironment()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        return variables;
    }
}
