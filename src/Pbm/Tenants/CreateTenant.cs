using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json.Nodes;
using Platform.Pbm.Admin;
using Platform.Pbm.Invocation;
using Platform.Pbm.Terminal;

namespace Platform.Pbm.Tenants;

/// <summary><c>pbm tenant create [ID]</c></summary>
internal static class CreateTenant
{
    private static readonly string[] Durabilities = ["replicated", "local"];

    public static Command Command(GlobalOptions options, PbmSession session)
    {
        var id = new Argument<string?>("ID")
        {
            Description = "The new tenant's id, asked for on a terminal.",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = Arguments.ParseTenantId,
        };
        var domains = new Option<string[]>("--domain")
        {
            Description = "A custom host name of the tenant; may be repeated.",
            HelpName = "HOST",
        };
        var durability = new Option<string?>("--durability")
        {
            Description = "When a write is acknowledged: after it is in object storage, or on the local disk.",
            HelpName = "replicated|local",
        };
        durability.AcceptOnlyFromAmong(Durabilities);
        var metadata = new Option<KeyValuePair<string, string>[]>("--meta")
        {
            Description = "A label of yours, KEY=VALUE; may be repeated.",
            HelpName = "KEY=VALUE",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = ParseMetadata,
        };
        var superuser = new SuperuserOptions();
        var command = new Command("create", "Create a tenant.")
        {
            id, domains, durability, metadata, superuser.Email, superuser.Password, superuser.PasswordFromInput,
        };
        return command.Does(options, session, async (context, parsed, cancellationToken) =>
        {
            var body = new JsonObject { ["id"] = parsed.GetValue(id) ?? await AskIdAsync(context.Terminal) };
            if (parsed.GetValue(domains) is { Length: > 0 } hosts)
                body["domains"] = new JsonArray([.. hosts.Select(host => (JsonNode)host)]);
            if (parsed.GetValue(durability) is { } chosen) body["durability"] = chosen;
            if (parsed.GetValue(metadata) is { Length: > 0 } labels)
                body["metadata"] = new JsonObject(labels.Select(Label));
            if (await superuser.ReadAsync(parsed, context.Terminal, cancellationToken) is { } account)
                body["superuser"] = account;

            var answer = await context.Client.SendAsync(HttpMethod.Post, TenantPath.All, body, cancellationToken);
            context.Say($"Created the tenant {body["id"]}.");
            context.Print(answer, context.Documents.Print);
        });
    }

    private static async Task<string> AskIdAsync(PbmTerminal terminal)
    {
        if (!terminal.IsInteractive)
            throw new PbmException(ExitCode.Usage, "`pbm tenant create` needs the id of the new tenant.");
        var id = (await Question.AskAsync(terminal, "Id of the new tenant: ", isSecret: false)).Trim();
        return Messages.Identity.TenantId.IsValid(id)
            ? id
            : throw new PbmException(ExitCode.Usage, $"The tenant id '{id}' {Messages.Identity.TenantId.Rule}.");
    }

    private static KeyValuePair<string, JsonNode?> Label(KeyValuePair<string, string> label) =>
        new(label.Key, label.Value);

    private static KeyValuePair<string, string>[] ParseMetadata(ArgumentResult result)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var token in result.Tokens)
        {
            var equals = token.Value.IndexOf('=');
            if (equals <= 0) result.AddError($"--meta must be KEY=VALUE, not '{token.Value}'.");
            else if (!labels.TryAdd(token.Value[..equals], token.Value[(equals + 1)..]))
                result.AddError($"--meta gives '{token.Value[..equals]}' twice.");
        }

        return [.. labels];
    }
}
