namespace Platform.Cluster.Configuration.Hocon;

/// <summary>
/// Replaces substitutions by values: first a key of the tree, then a variable of the environment. An optional one that
/// is neither leaves the value that was there before, or nothing.
/// </summary>
internal sealed class HoconResolver(HoconObject root, Func<string, string?> environment)
{
    private readonly HashSet<HoconNode> _resolving = [];

    /// <summary>The value without substitutions; null when it is undefined.</summary>
    /// <exception cref="HoconException">A required substitution is undefined, or refers to itself.</exception>
    public HoconNode? Resolve(HoconNode node)
    {
        if (node is HoconText or HoconObject) return node;
        if (node is HoconNull) return null;
        if (!_resolving.Add(node)) throw new HoconException(node.Position, "a substitution refers to itself");
        try
        {
            return node switch
            {
                HoconArray array => new HoconArray(array.Position, ResolveItems(array)),
                HoconOverride value => Resolve(value.Value) ?? Resolve(value.Previous),
                HoconConcatenation concatenation => Join(concatenation),
                HoconSubstitution substitution => Substitute(substitution),
                _ => throw new InvalidOperationException($"Unknown node {node.GetType().Name}."),
            };
        }
        finally
        {
            _resolving.Remove(node);
        }
    }

    private List<HoconNode> ResolveItems(HoconArray array)
    {
        var items = new List<HoconNode>(array.Items.Count);
        foreach (var item in array.Items)
            if (Resolve(item) is { } resolved) items.Add(resolved);
        return items;
    }

    private HoconText? Join(HoconConcatenation concatenation)
    {
        var texts = new List<string>(concatenation.Parts.Count);
        var isDefined = false;
        foreach (var part in concatenation.Parts)
        {
            var resolved = Resolve(part);
            isDefined |= resolved is not null;
            if (resolved is null) continue;
            if (resolved is not HoconText text)
                throw new HoconException(part.Position, "only text can be joined with text, not a list or a group");
            texts.Add(text.Text);
        }

        return isDefined ? new HoconText(concatenation.Position, string.Concat(texts)) : null;
    }

    private HoconNode? Substitute(HoconSubstitution substitution)
    {
        if (Find(substitution.Path) is { } node && Resolve(node) is { } value) return value;
        if (environment(substitution.Path) is { } variable)
            return new HoconText(new HoconPosition($"environment variable {substitution.Path}"), variable);
        if (substitution.IsOptional) return null;
        throw new HoconException(
            substitution.Position, $"'{substitution.Path}' is neither a key nor an environment variable");
    }

    private HoconNode? Find(string path)
    {
        HoconNode? node = root;
        foreach (var name in path.Split('.'))
            node = node is HoconObject group ? group.Fields.GetValueOrDefault(name) : null;
        return node;
    }
}
