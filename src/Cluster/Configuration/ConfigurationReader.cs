using System.Globalization;

namespace Platform.Cluster.Configuration;

/// <summary>
/// Takes typed values out of the resolved configuration. A wrong one is noted with key, value and reason, and the
/// reading goes on, so that an operator sees every mistake at once.
/// </summary>
internal sealed class ConfigurationReader(
    IReadOnlyDictionary<string, ConfigurationValue> values, List<ConfigurationProblem> problems)
{
    private readonly HashSet<string> _keysRead = new(StringComparer.Ordinal);
    private readonly HashSet<string> _keysRefused = new(StringComparer.Ordinal);

    /// <summary>Keys that somebody asked for: a test checks that these are exactly the documented ones.</summary>
    public IReadOnlyCollection<string> KeysRead => _keysRead;

    public string Text(string key, int lengthMax = 1024)
    {
        var text = Single(key);
        if (text.Length > lengthMax) Refuse(key, $"is longer than {lengthMax} characters");
        return text;
    }

    /// <summary>A text whose value never appears in a message. Null when it is not set.</summary>
    public string? Secret(string key, int lengthMin, int lengthMax)
    {
        var text = Single(key);
        if (text.Length == 0) return null;
        if (text.Length < lengthMin || text.Length > lengthMax || text.Any(character => character is <= ' ' or > '~'))
            RefuseSecret(key, $"must be {lengthMin} to {lengthMax} visible ASCII characters without blanks");
        return text;
    }

    /// <summary>
    /// A key of any other form; null from <paramref name="parse"/> means that <paramref name="rule"/> is broken.
    /// </summary>
    public T? Parsed<T>(string key, string rule, Func<string, T?> parse)
        where T : class
    {
        var text = Single(key);
        var value = parse(text);
        if (value is null) Refuse(key, $"'{text}' {rule}");
        return value;
    }

    public T Choice<T>(string key, params (string Name, T Value)[] choices)
    {
        var text = Single(key);
        foreach (var (name, value) in choices)
            if (name == text) return value;
        var names = choices.Select(choice => choice.Name).ToList();
        Refuse(key, $"'{text}' is none of {string.Join(", ", names)}{NearestName.Hint(text, names)}");
        return choices[0].Value;
    }

    public bool Boolean(string key) =>
        Choice(key, ("true", true), ("false", false), ("yes", true), ("no", false), ("on", true), ("off", false));

    public int Integer(string key, int min, int max)
    {
        var text = Single(key);
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            Refuse(key, $"'{text}' is not a whole number");
        else if (value < min || value > max)
            Refuse(key, $"{text} is not between {min} and {max}");
        return value;
    }

    public long Bytes(string key, long min, long max)
    {
        var text = Single(key);
        if (!ConfigurationUnits.TryParseBytes(text, out var value))
            Refuse(key, $"'{text}' is not a size such as 512k, 64MiB or 2GiB");
        else if (value < min || value > max)
            Refuse(key, $"{text} is not between {ConfigurationUnits.Format(min)} and {ConfigurationUnits.Format(max)}");
        return value;
    }

    public TimeSpan Duration(string key, TimeSpan min, TimeSpan max)
    {
        var text = Single(key);
        if (!ConfigurationUnits.TryParseDuration(text, out var value))
            Refuse(key, $"'{text}' is not a duration with a unit, such as 500ms, 10s or 5m");
        else if (value < min || value > max)
            Refuse(key, $"{text} is not between {ConfigurationUnits.Format(min)} and {ConfigurationUnits.Format(max)}");
        return value;
    }

    /// <summary>A list; from a source that knows only text, its parts between commas.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        _keysRead.Add(key);
        var value = values[key];
        return value.Items
            ?? value.Text!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>Notes that the value of <paramref name="key"/> cannot be used; its first mistake counts.</summary>
    public void Refuse(string key, string reason)
    {
        if (_keysRefused.Add(key)) problems.Add(new ConfigurationProblem(key, values[key].Source, reason));
    }

    private void RefuseSecret(string key, string reason) => Refuse(key, $"the value (not shown) {reason}");

    private string Single(string key)
    {
        _keysRead.Add(key);
        var value = values[key];
        if (value.Text is { } text) return text;
        Refuse(key, "is a list, but must be one value");
        return values[key].Items!.Count > 0 ? values[key].Items![0] : "";
    }
}
