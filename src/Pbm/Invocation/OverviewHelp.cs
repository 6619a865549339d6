using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Platform.Pbm.Terminal;

namespace Platform.Pbm.Invocation;

/// <summary>
/// Help: of a command in the usual form, of <c>pbm</c> itself as one page with every verb and examples.
/// </summary>
internal sealed class OverviewHelp(RootCommand root, HelpAction ofCommand, PbmTerminal terminal)
    : SynchronousCommandLineAction
{
    private const string Examples = """
        Examples:
          pbm tenant create acme --domain shop.example.com
          pbm tenant create acme --superuser-email you@example.com
          pbm tenant list --search shop
          pbm tenant list --all --json | jq -r '.items[].id'
          pbm tenant delete acme --yes
          pbm cluster status
          pbm --server https://platform.example.com node list
          pbm completion bash > ~/.local/share/bash-completion/completions/pbm
          pbm                                    (an interactive shell)
        """;

    private const string Environment = """
        Environment:
          PBM_SERVER         the server, when --server is not given
          PBM_TOKEN          the cluster admin token, when --token is not given
          PBM_TOKEN_FILE     a file that holds it; else ./platform-data/admin-token for a local server

        Exit codes:
          0 done   1 refused by the server   2 wrong command line   3 server unreachable   4 token not accepted
        """;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        if (parseResult.CommandResult.Command != root) return ofCommand.Invoke(parseResult);
        var output = terminal.Out;
        output.WriteLine(root.Description);
        output.WriteLine();
        output.WriteLine("Usage: pbm [--server URL] [--token TOKEN] [--json] <noun> <verb> [options]");
        output.WriteLine();
        WriteVerbs(output);
        output.WriteLine("Options of every command:");
        foreach (var option in root.Options.Where(option => option.Recursive))
            output.WriteLine($"  {Label(option),-18} {option.Description}");
        output.WriteLine($"  {"--version",-18} Print the version.");
        output.WriteLine();
        output.WriteLine(Examples);
        output.WriteLine();
        output.WriteLine(Environment);
        output.WriteLine();
        output.WriteLine("`pbm <noun> <verb> --help` shows all options of a verb.");
        return Admin.ExitCode.Success;
    }

    private void WriteVerbs(TextWriter output)
    {
        foreach (var noun in root.Subcommands)
        {
            output.WriteLine($"{noun.Name}: {noun.Description}");
            foreach (var verb in noun.Subcommands)
                output.WriteLine($"  {Synopsis(noun, verb),-24} {verb.Description}");
            output.WriteLine();
        }
    }

    private static string Synopsis(Command noun, Command verb)
    {
        var arguments = verb.Arguments.Select(argument =>
            argument.Arity.MinimumNumberOfValues == 0 ? $" [{argument.Name}]" : " " + argument.Name);
        return $"{noun.Name} {verb.Name}{string.Concat(arguments)}";
    }

    private static string Label(Option option) =>
        option.HelpName is null ? option.Name : $"{option.Name} {option.HelpName}";
}
