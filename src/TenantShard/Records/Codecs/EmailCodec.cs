using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>An e-mail address.</summary>
internal sealed class EmailCodec(EmailField field) : FieldCodec(field)
{
    public override FieldError? Check(RecordValues values, int column)
    {
        var utf8 = values.Utf8(column);
        if (utf8.IsEmpty) return field.IsRequired ? FieldErrors.Required : null;
        var address = values.Text(column);
        if (!EmailAddress.IsValid(address)) return FieldErrors.Email;
        var domain = address[(address.LastIndexOf('@') + 1)..];
        return DomainList.Allows(domain, field.OnlyDomains, field.ExceptDomains) ? null : FieldErrors.EmailDomain;
    }
}
