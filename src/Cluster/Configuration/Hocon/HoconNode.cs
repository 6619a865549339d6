namespace Platform.Cluster.Configuration.Hocon;

/// <summary>
/// A parsed value. The family below is closed: text, null, array and object are values; substitution, concatenation
/// and override exist only until <see cref="HoconResolver"/> has run.
/// </summary>
internal abstract class HoconNode(HoconPosition position)
{
    public HoconPosition Position { get; } = position;
}

/// <summary>A string, number or boolean: HOCON keeps them as text until somebody asks for a type.</summary>
internal sealed class HoconText(HoconPosition position, string text) : HoconNode(position)
{
    public string Text { get; } = text;
}

/// <summary>The word <c>null</c>: the key is as if it had not been written.</summary>
internal sealed class HoconNull(HoconPosition position) : HoconNode(position);

/// <summary>A list in brackets.</summary>
internal sealed class HoconArray(HoconPosition position, IReadOnlyList<HoconNode> items) : HoconNode(position)
{
    public IReadOnlyList<HoconNode> Items { get; } = items;
}

/// <summary>A group of keys.</summary>
internal sealed class HoconObject(HoconPosition position) : HoconNode(position)
{
    private readonly Dictionary<string, HoconNode> _fields = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, HoconNode> Fields => _fields;

    /// <summary>Sets <paramref name="path"/>; objects merge, anything else replaces what was there.</summary>
    public void Set(IReadOnlyList<string> path, HoconNode value)
    {
        var target = this;
        for (var depth = 0; depth < path.Count - 1; depth++)
        {
            if (target._fields.GetValueOrDefault(path[depth]) is not HoconObject next)
            {
                next = new HoconObject(value.Position);
                target._fields[path[depth]] = next;
            }

            target = next;
        }

        target.SetField(path[^1], value);
    }

    /// <summary>Lays <paramref name="other"/> over this object.</summary>
    public void Merge(HoconObject other)
    {
        foreach (var (name, value) in other._fields) SetField(name, value);
    }

    private void SetField(string name, HoconNode value)
    {
        _fields[name] = _fields.GetValueOrDefault(name) switch
        {
            HoconObject previous when value is HoconObject next => Merged(previous, next),
            { } previous when value is HoconSubstitution or HoconConcatenation or HoconOverride =>
                new HoconOverride(value, previous),
            _ => value,
        };
    }

    private static HoconObject Merged(HoconObject previous, HoconObject next)
    {
        previous.Merge(next);
        return previous;
    }
}

/// <summary><c>${path}</c>, or <c>${?path}</c> which may be undefined.</summary>
internal sealed class HoconSubstitution(HoconPosition position, string path, bool isOptional) : HoconNode(position)
{
    public string Path { get; } = path;

    public bool IsOptional { get; } = isOptional;
}

/// <summary>Pieces of text and substitutions written side by side; the result is one text.</summary>
internal sealed class HoconConcatenation(HoconPosition position, IReadOnlyList<HoconNode> parts) : HoconNode(position)
{
    public IReadOnlyList<HoconNode> Parts { get; } = parts;
}

/// <summary>A value that counts if it is defined, over the one that was written before it.</summary>
internal sealed class HoconOverride(HoconNode value, HoconNode previous) : HoconNode(value.Position)
{
    public HoconNode Value { get; } = value;

    public HoconNode Previous { get; } = previous;
}
