using System.CommandLine;

namespace Platform.Pbm.Invocation;

/// <summary>The options that every command has.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Server { get; } = new("--server")
    {
        Description = "Address of the platform. Else PBM_SERVER, else http://127.0.0.1:8090.",
        HelpName = "URL",
        Recursive = true,
    };

    public Option<string?> Token { get; } = new("--token")
    {
        Description = "Cluster admin token. Else PBM_TOKEN, PBM_TOKEN_FILE, ./platform-data/admin-token.",
        HelpName = "TOKEN",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Print the server's JSON instead of tables, for scripts.",
        Recursive = true,
    };
}
