using System.CommandLine;
using System.Text.Json;
using Platform.Pbm.Admin;
using Platform.Pbm.Output;
using Platform.Pbm.Terminal;

namespace Platform.Pbm.Invocation;

/// <summary>What a running command has: the server, the terminal, and the choice between JSON and tables.</summary>
internal sealed class CommandContext : IDisposable
{
    private CommandContext(PbmSession session, AdminClient client, bool isJson)
    {
        Terminal = session.Terminal;
        Client = client;
        IsJson = isJson;
        Tables = new TablePrinter(Terminal);
        Documents = new DocumentPrinter(Tables, Terminal.Out);
    }

    public PbmTerminal Terminal { get; }

    public AdminClient Client { get; }

    public bool IsJson { get; }

    public TablePrinter Tables { get; }

    public DocumentPrinter Documents { get; }

    public static CommandContext Open(ParseResult parsed, GlobalOptions options, PbmSession session)
    {
        var server = ServerAddress.Find(parsed.GetValue(options.Server) ?? session.Server, session.Terminal);
        var token = AdminToken.Find(parsed.GetValue(options.Token) ?? session.Token, session.Terminal, server);
        return new CommandContext(
            session, new AdminClient(server, token), parsed.GetValue(options.Json) || session.Json);
    }

    /// <summary>Prints the answer: exactly as it came with <c>--json</c>, else by <paramref name="print"/>.</summary>
    public void Print(AdminAnswer answer, Action<JsonElement> print)
    {
        if (!IsJson) print(answer.Root);
        else if (answer.Body.Length > 0)
            Terminal.Out.WriteLine(System.Text.Encoding.UTF8.GetString(answer.Body).TrimEnd());
    }

    /// <summary>A line for people, which scripts do not get to see.</summary>
    public void Say(string line)
    {
        if (!IsJson) Terminal.Out.WriteLine(line);
    }

    public void Dispose() => Client.Dispose();
}
