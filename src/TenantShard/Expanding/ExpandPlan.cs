using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Expanding;

/// <summary>
/// The <c>expand</c> parameter as a tree of relations. What is no relation, or hidden from the client, is left out
/// without an error, as PocketBase does.
/// </summary>
internal sealed class ExpandPlan
{
    private readonly List<ExpandNode> _nodes = [];

    private ExpandPlan()
    {
    }

    /// <summary>Follows no relation.</summary>
    public static ExpandPlan Nothing { get; } = new();

    public IReadOnlyList<ExpandNode> Nodes => _nodes;

    /// <summary>Null when there is nothing to follow.</summary>
    /// <param name="schema">The schema of the request.</param>
    /// <param name="collection">Where the paths start.</param>
    /// <param name="expand">The parameter: <c>author,tags.group,comments_via_post.author</c>.</param>
    /// <param name="seesHidden">Superusers may follow hidden relations.</param>
    /// <param name="limits">Bounds.</param>
    /// <exception cref="ApiException">400 when the parameter is beyond its limits.</exception>
    public static ExpandPlan? Parse(
        SchemaSnapshot schema, Collection collection, string expand, bool seesHidden, ExpandLimits limits)
    {
        if (string.IsNullOrWhiteSpace(expand)) return null;
        if (expand.Length > limits.LengthMax)
            throw ApiException.BadRequest($"Invalid expand: longer than {limits.LengthMax} characters.");
        var paths = expand.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (paths.Length > limits.PathsMax)
            throw ApiException.BadRequest($"Invalid expand: more than {limits.PathsMax} paths.");
        var root = new ExpandPlan();
        foreach (var path in paths) root.Add(schema, collection, path, seesHidden, limits.DepthMax);
        return root._nodes.Count == 0 ? null : root;
    }

    private static ExpandNode? Resolve(SchemaSnapshot schema, Collection collection, string name, bool seesHidden)
    {
        if (collection.FindField(name) is { } field)
        {
            return field is RelationField relation
                && (seesHidden || !relation.IsHidden)
                && schema.FindById(relation.CollectionId) is { } target
                ? new ExpandNode(name, relation, target, IsBack: false, new ExpandPlan())
                : null;
        }

        var via = name.LastIndexOf("_via_", StringComparison.Ordinal);
        return via > 0
            && schema.FindByName(name[..via]) is { } source
            && source.FindField(name[(via + 5)..]) is RelationField back
            && back.CollectionId == collection.Id
            && (seesHidden || !back.IsHidden)
            ? new ExpandNode(name, back, source, IsBack: true, new ExpandPlan())
            : null;
    }

    private void Add(SchemaSnapshot schema, Collection collection, string path, bool seesHidden, int depthMax)
    {
        var steps = new List<ExpandNode>();
        foreach (var name in path.Trim('.').Split('.', depthMax + 1).Take(depthMax))
        {
            if (Resolve(schema, collection, name, seesHidden) is not { } step) return;
            steps.Add(step);
            collection = step.Target;
        }

        // Only a path that is right to its end is followed at all.
        var plan = this;
        foreach (var step in steps)
        {
            var node = plan._nodes.Find(known => known.Key == step.Key);
            if (node is null) plan._nodes.Add(node = step);
            plan = node.Children;
        }
    }
}
