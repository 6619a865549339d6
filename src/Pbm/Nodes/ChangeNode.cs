using System.CommandLine;
using Platform.Pbm.Invocation;

namespace Platform.Pbm.Nodes;

/// <summary><c>pbm node cordon|uncordon|drain ID</c></summary>
internal static class ChangeNode
{
    public static Command Cordon(GlobalOptions options, PbmSession session) => Make(
        "cordon", "Give a node no more tenants; it keeps those that it has.",
        id => $"The node {id} gets no more tenants. `pbm node uncordon {id}` ends that.", options, session);

    public static Command Uncordon(GlobalOptions options, PbmSession session) => Make(
        "uncordon", "Let a node have tenants again.", id => $"The node {id} gets tenants again.", options, session);

    public static Command Drain(GlobalOptions options, PbmSession session) => Make(
        "drain", "Move all tenants away from a node and give it no more, before it is stopped.",
        id => $"The tenants of {id} move away, a few at a time; `pbm node show {id}` counts those that are left.",
        options, session);

    private static Command Make(
        string verb, string description, Func<string, string> done, GlobalOptions options, PbmSession session)
    {
        var id = NodePath.Argument();
        return new Command(verb, description) { id }.Does(
            options,
            session,
            async (context, parsed, cancellationToken) =>
            {
                var node = parsed.GetRequiredValue(id);
                var answer = await context.Client.SendAsync(
                    HttpMethod.Post, $"{NodePath.Of(node)}/{verb}", null, cancellationToken);
                context.Say(done(node));
                context.Print(answer, _ => { });
            });
    }
}
