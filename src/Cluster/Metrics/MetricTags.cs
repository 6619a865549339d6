namespace Platform.Cluster.Metrics;

/// <summary>The tags of a measurement, in the order in which the instrument's owner always gives them.</summary>
internal static class MetricTags
{
    public static int Hash(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = new HashCode();
        foreach (var (name, value) in tags)
        {
            hash.Add(name);
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    public static bool Same(
        ReadOnlySpan<KeyValuePair<string, object?>> tags, KeyValuePair<string, object?>[] others)
    {
        if (tags.Length != others.Length) return false;
        for (var index = 0; index < tags.Length; index++)
            if (tags[index].Key != others[index].Key || !Equals(tags[index].Value, others[index].Value)) return false;
        return true;
    }
}
