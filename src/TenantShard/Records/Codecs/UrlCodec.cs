using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>An absolute URL with a host.</summary>
internal sealed class UrlCodec(UrlField field) : FieldCodec(field)
{
    /// <summary>The longest URL that browsers agree on, in characters.</summary>
    private const int LengthMax = 2083;

    public override FieldError? Check(RecordValues values, int column)
    {
        var utf8 = values.Utf8(column);
        if (utf8.IsEmpty) return field.IsRequired ? FieldErrors.Required : null;
        if (utf8.Length > LengthMax || utf8.ContainsAny(" \t\r\n"u8)) return FieldErrors.Url;
        if (!Uri.TryCreate(values.Text(column), UriKind.Absolute, out var url) || url.Host.Length == 0)
            return FieldErrors.Url;
        return DomainList.Allows(url.Host, field.OnlyDomains, field.ExceptDomains) ? null : FieldErrors.UrlDomain;
    }
}
