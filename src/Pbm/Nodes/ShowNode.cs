using System.CommandLine;
using Platform.Pbm.Invocation;

namespace Platform.Pbm.Nodes;

/// <summary><c>pbm node show ID</c></summary>
internal static class ShowNode
{
    public static Command Command(GlobalOptions options, PbmSession session)
    {
        var id = new Argument<string>("ID") { Description = "The node's id, as `pbm node list` shows it." };
        id.Validators.Add(result =>
        {
            // Dots alone would be taken for a step up in the path.
            if (result.Tokens is [{ Value: "" or "." or ".." }]) result.AddError("This is no node id.");
        });
        return new Command("show", "Show all about a node.") { id }.Does(
            options,
            session,
            async (context, parsed, cancellationToken) =>
            {
                var path = $"api/cp/nodes/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}";
                context.Print(await context.Client.GetAsync(path, cancellationToken), context.Documents.Print);
            });
    }
}
