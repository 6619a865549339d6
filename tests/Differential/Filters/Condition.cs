namespace Platform.Differential.Tests.Filters;

/// <summary>One comparison.</summary>
internal sealed record Condition(FilterPath Left, string Operator, FilterPath Right) : FilterNode
{
    public override string Text => $"{Left.Text} {Operator} {Right.Text}";

    /// <summary>See <see cref="FilterPath.Presence"/>.</summary>
    public override string PlatformText
    {
        get
        {
            if (Operator.StartsWith('?')) return Text;
            // A missing value equals an empty one for both.
            if (Operator == "=") return Text;
            var presences = new[] { Left.Presence, Right.Presence }.OfType<string>().ToList();
            return presences.Count == 0
                ? Text
                : $"({Text} && {string.Join(" && ", presences.Select(path => path + " != ''"))})";
        }
    }

    public override IEnumerable<FilterNode> Smaller()
    {
        foreach (var right in SmallerOperands(Right)) yield return this with { Right = right };
        foreach (var left in SmallerOperands(Left)) yield return this with { Left = left };
        if (Operator.StartsWith('?')) yield return this with { Operator = Operator[1..] };
    }

    private static IEnumerable<FilterPath> SmallerOperands(FilterPath operand)
    {
        var text = operand.Text;
        if (text is "''" or "1" or "null") yield break;
        if (text[0] is '\'' or '"')
        {
            yield return "''";
            if (text != "'a'") yield return "'a'";
            if (text.Length > 4) yield return text[..(text.Length / 2)].TrimEnd('\\') + text[0];
            yield break;
        }

        yield return "''";
        yield return "1";
    }
}
