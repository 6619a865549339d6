using System.CommandLine;
using Platform.Pbm.Invocation;

namespace Platform.Pbm.Nodes;

/// <summary><c>pbm node show ID</c></summary>
internal static class ShowNode
{
    public static Command Command(GlobalOptions options, PbmSession session)
    {
        var id = NodePath.Argument();
        return new Command("show", "Show all about a node.") { id }.Does(
            options,
            session,
            async (context, parsed, cancellationToken) =>
            {
                var path = NodePath.Of(parsed.GetRequiredValue(id));
                context.Print(await context.Client.GetAsync(path, cancellationToken), context.Documents.Print);
            });
    }
}
