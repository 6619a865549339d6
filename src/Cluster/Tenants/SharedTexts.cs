using System.Collections.Concurrent;

namespace Platform.Cluster.Tenants;

/// <summary>
/// One string for equal texts that are kept many times. Bounded: when there are too many different ones, further ones are
/// not shared.
/// </summary>
internal sealed class SharedTexts(int countMax)
{
    private const int LengthMax = 64;

    private readonly ConcurrentDictionary<string, string> _texts = new(StringComparer.Ordinal);
    private int _count;

    public string Of(string text)
    {
        if (_texts.TryGetValue(text, out var shared)) return shared;
        if (text.Length > LengthMax || Volatile.Read(ref _count) >= countMax) return text;
        if (!_texts.TryAdd(text, text)) return _texts[text];
        Interlocked.Increment(ref _count);
        return text;
    }
}
