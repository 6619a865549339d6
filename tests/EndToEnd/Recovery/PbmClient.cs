using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Recovery;

/// <summary>The operator's command line, for one platform.</summary>
internal sealed class PbmClient(Uri server, string token)
{
    public PbmClient(PlatformProcess platform)
        : this(platform.Url, platform.AdminToken)
    {
    }

    public async Task<CommandResult> SucceedAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result;
    }

    public Task<CommandResult> RunAsync(params string[] arguments) => Command.RunAsync(
        BuiltProgram.Pbm,
        arguments,
        new Dictionary<string, string>
        {
            ["PBM_SERVER"] = server.ToString(),
            ["PBM_TOKEN"] = token,
        });
}
