using System.Globalization;
using System.Text.Json;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Collections.Json;

/// <summary>
/// Reads the members of a JSON object over current values: an absent member or a null keeps what was. A member of a
/// wrong type is noted in the errors and keeps what was.
/// </summary>
internal readonly struct JsonObjectReader(JsonElement source, FieldErrorTree errors)
{
    public FieldErrorTree Errors { get; } = errors;

    public bool Has(string name) => TryGet(name, out _);

    public string Text(string name, string current)
    {
        if (!TryGet(name, out var value) || value.ValueKind == JsonValueKind.Null) return current;
        if (value.ValueKind == JsonValueKind.String) return value.GetString()!;
        Errors.AddWrongType(name, "a string");
        return current;
    }

    /// <summary>A rule: unlike other members, an explicit null is a value of its own.</summary>
    public string? Rule(string name, string? current)
    {
        if (!TryGet(name, out var value)) return current;
        return value.ValueKind == JsonValueKind.Null ? null : Text(name, current ?? "");
    }

    public bool Flag(string name, bool current)
    {
        if (!TryGet(name, out var value) || value.ValueKind == JsonValueKind.Null) return current;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        Errors.AddWrongType(name, "true or false");
        return current;
    }

    public bool? OptionalFlag(string name, bool? current)
    {
        if (!TryGet(name, out var value)) return current;
        return value.ValueKind == JsonValueKind.Null ? null : Flag(name, current ?? false);
    }

    public long Integer(string name, long current)
    {
        if (!TryGet(name, out var value) || value.ValueKind == JsonValueKind.Null) return current;
        if (value.ValueKind == JsonValueKind.Number)
        {
            if (value.TryGetInt64(out var integer)) return integer;
            if (value.TryGetDouble(out var real) && double.IsInteger(real) && Math.Abs(real) < 1e18) return (long)real;
        }

        Errors.AddWrongType(name, "an integer");
        return current;
    }

    public int SmallInteger(string name, int current)
    {
        var value = Integer(name, current);
        if (value is >= int.MinValue and <= int.MaxValue) return (int)value;
        Errors.CheckRange(name, value, int.MinValue, int.MaxValue);
        return current;
    }

    public double? Number(string name, double? current)
    {
        if (!TryGet(name, out var value)) return current;
        if (value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number))
            return number;
        Errors.AddWrongType(name, "a number");
        return current;
    }

    /// <summary>A list of strings; an explicit null is no list.</summary>
    public IReadOnlyList<string>? Texts(string name, IReadOnlyList<string>? current)
    {
        if (!TryGet(name, out var value)) return current;
        if (value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind != JsonValueKind.Array)
        {
            Errors.AddWrongType(name, "a list of strings");
            return current;
        }

        var texts = new List<string>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String) texts.Add(item.GetString()!);
            else Errors.At(name).AddWrongType(texts.Count.ToString(CultureInfo.InvariantCulture), "a string");
        }

        return texts;
    }

    /// <summary>The members of a nested object; without members when it is absent or null.</summary>
    public JsonObjectReader Object(string name)
    {
        if (TryGet(name, out var value) && value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
            Errors.AddWrongType(name, "an object");
        return new JsonObjectReader(value, Errors.At(name));
    }

    /// <summary>The items of a list; null when it is absent, null or no list.</summary>
    public JsonElement? List(string name)
    {
        if (!TryGet(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind == JsonValueKind.Array) return value;
        Errors.AddWrongType(name, "a list");
        return null;
    }

    public bool TryGet(string name, out JsonElement value)
    {
        value = default;
        return source.ValueKind == JsonValueKind.Object && source.TryGetProperty(name, out value);
    }
}
