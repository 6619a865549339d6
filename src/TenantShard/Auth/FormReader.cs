using System.Text.Json;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Records;
using Platform.TenantShard.Records.Codecs;

namespace Platform.TenantShard.Auth;

/// <summary>Reads the members of a small body and collects what is wrong with them.</summary>
internal sealed class FormReader(JsonElement body)
{
    private const int LengthMax = 255;

    public RecordErrors Errors { get; } = new();

    /// <summary>A text that must be there.</summary>
    public string Text(string name, int lengthMax = LengthMax)
    {
        var text = Optional(name);
        if (text.Length == 0) Errors.Add(name, FieldErrors.Required);
        if (text.Length > lengthMax)
            Errors.Add(name, ValidationErrors.Length(1, lengthMax));
        return text;
    }

    /// <summary>An e-mail address that must be there.</summary>
    public string Email(string name)
    {
        var text = Text(name);
        if (text.Length > 0 && !EmailAddress.IsValid(text)) Errors.Add(name, FieldErrors.Email);
        return text;
    }

    /// <summary>A text that may be missing; then it is empty.</summary>
    public string Optional(string name)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty(name, out var value)
            || value.ValueKind == JsonValueKind.Null) return "";
        if (value.ValueKind == JsonValueKind.String && TextCast.TryRead(value, out var text)) return text;
        Errors.Add(name, FieldErrors.WrongType);
        return "";
    }

    /// <exception cref="ApiException">400 with all mistakes.</exception>
    public void ThrowIfAny() => Errors.ThrowIfAny(AuthEndpoints.Invalid);
}
