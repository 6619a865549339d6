using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Platform.Cluster.Configuration;

namespace Platform.Cluster.Http;

/// <summary>
/// Takes typed fields out of a JSON object and notes every mistake at its field. A field that is absent or <c>null</c>
/// is not an error: the caller decides with <see cref="Has"/>.
/// </summary>
internal sealed class JsonFields
{
    private readonly JsonElement _object;
    private readonly string _prefix;
    private readonly Dictionary<string, FieldProblem> _problems;

    public JsonFields(JsonElement root, params IReadOnlyList<string> known)
        : this(root, "", [], known)
    {
    }

    private JsonFields(
        JsonElement element, string prefix, Dictionary<string, FieldProblem> problems, IReadOnlyList<string> known)
    {
        _object = element;
        _prefix = prefix;
        _problems = problems;
        foreach (var property in element.EnumerateObject().Where(property => !known.Contains(property.Name)))
            Refuse(property.Name, "validation_unknown_field",
                NearestName.Sentence("There is no such field", property.Name, known));
    }

    /// <summary>Mistakes by their full field name, such as <c>quotas.storageBytesMax</c>.</summary>
    public IReadOnlyDictionary<string, FieldProblem> Problems => _problems;

    /// <summary>True when the field is there, even if it is null.</summary>
    public bool Has(string name) => _object.TryGetProperty(name, out _);

    public void Refuse(string name, string code, string message) =>
        _problems.TryAdd(_prefix + name, new FieldProblem(code, message));

    public string? Text(string name)
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.String) return value.GetString();
        RefuseType(name, "a string", value);
        return null;
    }

    public long? Integer(string name)
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)) return number;
        RefuseType(name, "a whole number", value);
        return null;
    }

    /// <summary>A list of strings.</summary>
    public IReadOnlyList<string>? Texts(string name)
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Array
            && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String))
            return [.. value.EnumerateArray().Select(item => item.GetString()!)];
        RefuseType(name, "a list of strings", value);
        return null;
    }

    /// <summary>An object whose values are all strings.</summary>
    public IReadOnlyDictionary<string, string>? Labels(string name)
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Object
            && value.EnumerateObject().All(item => item.Value.ValueKind == JsonValueKind.String))
            return value.EnumerateObject().ToDictionary(
                item => item.Name, item => item.Value.GetString()!, StringComparer.Ordinal);
        RefuseType(name, "an object whose values are strings", value);
        return null;
    }

    /// <summary>An object with fields of its own, whose mistakes are noted here.</summary>
    public bool TryGetObject(
        string name, [NotNullWhen(true)] out JsonFields? fields, params IReadOnlyList<string> known)
    {
        fields = null;
        if (!TryGet(name, out var value)) return false;
        if (value.ValueKind != JsonValueKind.Object)
        {
            RefuseType(name, "an object", value);
            return false;
        }

        fields = new JsonFields(value, $"{_prefix}{name}.", _problems, known);
        return true;
    }

    private bool TryGet(string name, out JsonElement value) =>
        _object.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    private void RefuseType(string name, string expected, JsonElement value) =>
        Refuse(name, "validation_invalid_type", $"Must be {expected}, not {Describe(value)}.");

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "this number",
        _ => value.ToString().ToLowerInvariant(),
    };
}
