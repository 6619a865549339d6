using System.Text;
using System.Text.Json;
using Platform.TenantShard.Auth;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>
/// A password: only its bcrypt hash is ever in <see cref="RecordValues"/>. The plain text is checked by
/// <see cref="CheckPlain"/> and hashed before the write is queued.
/// </summary>
internal sealed class PasswordCodec(PasswordField field) : FieldCodec(field)
{
    /// <summary>bcrypt reads no more, in bytes.</summary>
    public const int BytesMax = 72;

    /// <summary>The system field of that name; in auth collections it has rules of its own.</summary>
    public bool IsLogin => @field is { IsSystem: true, Name: "password" };

    public int Cost => @field.Cost is >= 4 and <= Bcrypt.CostMax ? @field.Cost : 10;

    public override FieldError? Cast(JsonElement value, RecordValues target, int column) => null;

    /// <summary>The hash is the platform's own; what the client sent is checked before it is computed.</summary>
    public override FieldError? Check(RecordValues values, int column) =>
        field.IsRequired && !IsLogin && values.Utf8(column).IsEmpty ? FieldErrors.Required : null;

    /// <summary>Checks what the client sent.</summary>
    public FieldError? CheckPlain(string password)
    {
        if (password.Length == 0) return field.IsRequired ? FieldErrors.Required : null;
        var utf8 = Encoding.UTF8.GetBytes(password);
        var characters = TextCodec.CountCharacters(utf8);
        if (characters < field.Min) return FieldErrors.TooShort(field.Min);
        if (field.Max > 0 && characters > field.Max) return FieldErrors.TooLong(field.Max);
        if (utf8.Length > BytesMax) return FieldErrors.TooLong(BytesMax);
        if (utf8.Contains((byte)0)) return FieldErrors.Format;
        return field.Pattern.Length > 0 && !new TextPattern(field.Pattern).Matches(utf8) ? FieldErrors.Format : null;
    }
}
