using System.Collections.Frozen;

namespace Platform.Cluster.Metrics;

/// <summary>
/// All series of one name. Finding a series neither locks nor allocates; a new one is added under the lock.
/// </summary>
internal sealed class MetricFamily(string name, string help, MetricKind kind, double[] bounds, bool isObserved)
{
    private readonly Lock _adding = new();
    private volatile FrozenDictionary<int, MetricSeries> _byHash = FrozenDictionary<int, MetricSeries>.Empty;
    private volatile MetricSeries[] _all = [];

    public string Name { get; } = name;

    public string Help { get; } = help;

    public MetricKind Kind { get; } = kind;

    public double[] Bounds { get; } = bounds;

    /// <summary>Asked at each scrape: series that are not reported any more are gone.</summary>
    public bool IsObserved { get; } = isObserved;

    public IReadOnlyList<MetricSeries> Series => _all;

    /// <summary>The series with these tags, made with <paramref name="mayAdd"/>'s consent; null without it.</summary>
    public MetricSeries? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags, Func<bool> mayAdd)
    {
        var hash = MetricTags.Hash(tags);
        return Find(hash, tags) ?? Add(hash, tags, mayAdd);
    }

    private MetricSeries? Find(int hash, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = _byHash.GetValueOrDefault(hash);
        while (series is not null && !MetricTags.Same(tags, series.Tags)) series = series.Next;
        return series;
    }

    private MetricSeries? Add(int hash, ReadOnlySpan<KeyValuePair<string, object?>> tags, Func<bool> mayAdd)
    {
        lock (_adding)
        {
            if (Find(hash, tags) is { } existing) return existing;
            if (!mayAdd()) return null;
            var added = new MetricSeries(Kind, Bounds, tags.ToArray(), _byHash.GetValueOrDefault(hash));
            var byHash = new Dictionary<int, MetricSeries>(_byHash) { [hash] = added };
            _byHash = byHash.ToFrozenDictionary();
            _all = [.. _all, added];
            return added;
        }
    }
}
