using System.CommandLine;

namespace Platform.Pbm.Nodes;

/// <summary>A node's id as an argument, and where the node is in the admin API.</summary>
internal static class NodePath
{
    public static Argument<string> Argument()
    {
        var id = new Argument<string>("ID") { Description = "The node's id, as `pbm node list` shows it." };
        id.Validators.Add(result =>
        {
            // Dots alone would be taken for a step up in the path.
            if (result.Tokens is [{ Value: "" or "." or ".." }]) result.AddError("This is no node id.");
        });
        return id;
    }

    public static string Of(string id) => $"api/cp/nodes/{Uri.EscapeDataString(id)}";
}
