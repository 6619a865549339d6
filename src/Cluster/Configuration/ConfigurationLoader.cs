using Platform.Cluster.Configuration.Hocon;
using Platform.Cluster.Configuration.Options;

namespace Platform.Cluster.Configuration;

/// <summary>
/// Reads the sources in order (reference, file, environment, <c>--set</c>; the later wins) and gives valid options, or
/// every mistake at once.
/// </summary>
internal static class ConfigurationLoader
{
    private const string Root = "platform.";

    private const string ReferenceResource = "Platform.Cluster.reference.conf";

    /// <exception cref="ConfigurationException">Something is wrong; nothing was started.</exception>
    public static PlatformOptions Load(ConfigurationSources sources)
    {
        var problems = new List<ConfigurationProblem>();
        var reference = LoadReference();
        var known = Flatten(reference, _ => null, problems);
        var tree = LoadReference();
        AddFile(tree, sources.File, problems);
        AddEnvironment(tree, sources.Environment, known.Keys, problems);
        AddSettings(tree, sources.Settings, problems);
        var values = Flatten(tree, name => sources.Environment.GetValueOrDefault(name), problems);
        RefuseUnknown(values, known, problems);
        foreach (var (key, value) in known) values.TryAdd(key, value);
        var options = new OptionsBinder(new ConfigurationReader(values, problems)).Bind();
        return problems.Count == 0 ? options : throw new ConfigurationException(problems);
    }

    internal static HoconObject LoadReference()
    {
        using var stream = typeof(ConfigurationLoader).Assembly.GetManifestResourceStream(ReferenceResource)
            ?? throw new InvalidOperationException($"The resource {ReferenceResource} is missing from the program.");
        using var reader = new StreamReader(stream);
        return HoconParser.Parse(reader.ReadToEnd(), "reference.conf", new HoconIncludes());
    }

    /// <summary>
    /// Every leaf of the tree by its full key, substitutions replaced; what is undefined is left out.
    /// </summary>
    internal static Dictionary<string, ConfigurationValue> Flatten(
        HoconObject tree, Func<string, string?> environment, List<ConfigurationProblem> problems)
    {
        var values = new Dictionary<string, ConfigurationValue>(StringComparer.Ordinal);
        var resolver = new HoconResolver(tree, environment);
        Walk("", tree);
        return values;

        void Walk(string prefix, HoconObject group)
        {
            foreach (var (name, node) in group.Fields) Visit(prefix + name, node);
        }

        void Visit(string key, HoconNode node)
        {
            try
            {
                switch (resolver.Resolve(node))
                {
                    case HoconObject group: Walk(key + ".", group); break;
                    case HoconText text: values[key] = new(text.Text, null, text.Position.ToString()); break;
                    case HoconArray array: values[key] = new(null, Items(array), array.Position.ToString()); break;
                    default: break;
                }
            }
            catch (HoconException error)
            {
                problems.Add(new ConfigurationProblem(key, error.Position.ToString(), error.Message));
            }
        }
    }

    /// <summary>The environment's name of a key: <c>platform.http.listen</c> is <c>PLATFORM_HTTP_LISTEN</c>.</summary>
    internal static string VariableOf(string key) =>
        key.Replace('.', '_').Replace('-', '_').ToUpperInvariant();

    private static List<string> Items(HoconArray array)
    {
        var items = new List<string>(array.Items.Count);
        foreach (var item in array.Items)
            items.Add(item is HoconText text
                ? text.Text
                : throw new HoconException(item.Position, "a list may hold only single values"));
        return items;
    }

    private static void AddFile(HoconObject tree, string? file, List<ConfigurationProblem> problems)
    {
        if (file is null) return;
        try
        {
            tree.Merge(new HoconIncludes().LoadFile(file));
        }
        catch (HoconException error)
        {
            var column = error.Position.Column > 0 ? $", column {error.Position.Column}" : "";
            problems.Add(new ConfigurationProblem("", error.Position + column, error.Message));
        }
    }

    private static void AddEnvironment(
        HoconObject tree, IReadOnlyDictionary<string, string> environment, IReadOnlyCollection<string> keys,
        List<ConfigurationProblem> problems)
    {
        var keyOf = keys.ToDictionary(VariableOf, StringComparer.Ordinal);
        foreach (var (name, value) in environment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (!name.StartsWith("PLATFORM_", StringComparison.Ordinal)) continue;
            var position = new HoconPosition($"environment variable {name}");
            if (keyOf.TryGetValue(name, out var key))
                tree.Set(key.Split('.'), new HoconText(position, value));
            else if (!ServiceLink.IsOne(name))
                problems.Add(new ConfigurationProblem(
                    "", position.Source, $"belongs to no key{NearestName.Hint(name, keyOf.Keys)}"));
        }
    }

    private static void AddSettings(
        HoconObject tree, IReadOnlyList<string> settings, List<ConfigurationProblem> problems)
    {
        foreach (var setting in settings)
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                problems.Add(new ConfigurationProblem("", $"--set {setting}", "must be KEY=VALUE"));
                continue;
            }

            var key = setting[..equals].Trim();
            tree.Set(key.Split('.'), new HoconText(new HoconPosition("--set"), setting[(equals + 1)..]));
        }
    }

    private static void RefuseUnknown(
        Dictionary<string, ConfigurationValue> values, Dictionary<string, ConfigurationValue> known,
        List<ConfigurationProblem> problems)
    {
        foreach (var (key, value) in values.Where(pair => !known.ContainsKey(pair.Key)))
        {
            var isGroup = known.Keys.Any(name => name.StartsWith(key + ".", StringComparison.Ordinal));
            problems.Add(new ConfigurationProblem(key, value.Source, isGroup
                ? "is a group of keys, not a key"
                : $"there is no such key{Hint(key, known.Keys)}"));
        }
    }

    /// <summary>A forgotten <c>platform.</c> is the likeliest mistake; then a misspelling.</summary>
    private static string Hint(string key, IEnumerable<string> known)
    {
        var names = known.ToList();
        return names.Contains(Root + key) ? $"; did you mean '{Root}{key}'?" : NearestName.Hint(key, names);
    }
}
