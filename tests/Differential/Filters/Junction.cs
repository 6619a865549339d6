namespace Platform.Differential.Tests.Filters;

/// <summary>Several parts, all of which or one of which must hold.</summary>
internal sealed record Junction(string Operator, IReadOnlyList<FilterNode> Parts) : FilterNode
{
    public override string Text => Join(part => part.Text);

    public override string PlatformText => Join(part => part.PlatformText);

    public override IEnumerable<FilterNode> Smaller()
    {
        foreach (var part in Parts) yield return part;
        if (Parts.Count > 2)
            for (var i = 0; i < Parts.Count; i++) yield return new Junction(Operator, [.. Parts.Where((_, at) => at != i)]);
        for (var i = 0; i < Parts.Count; i++)
        {
            foreach (var smaller in Parts[i].Smaller())
            {
                var parts = Parts.ToArray();
                parts[i] = smaller;
                yield return this with { Parts = parts };
            }
        }
    }

    private string Join(Func<FilterNode, string> write) => string.Join(
        $" {Operator} ", Parts.Select(part => part is Junction ? $"({write(part)})" : write(part)));
}
