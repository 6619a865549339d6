using System.Diagnostics.CodeAnalysis;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>An absolute URL with a host; as in PocketBase, <c>http://</c> may be left out.</summary>
internal sealed class UrlCodec(UrlField field) : FieldCodec(field)
{
    /// <summary>The longest URL that browsers agree on, in characters.</summary>
    private const int LengthMax = 2083;

    public override FieldError? Check(RecordValues values, int column)
    {
        var utf8 = values.Utf8(column);
        if (utf8.IsEmpty) return field.IsRequired ? FieldErrors.Required : null;
        if (utf8.Length > LengthMax || utf8.ContainsAny(" \t\r\n"u8)) return FieldErrors.Url;
        if (!TryParse(values.Text(column), out var url)) return FieldErrors.Url;
        return DomainList.Allows(url.Host, field.OnlyDomains, field.ExceptDomains) ? null : FieldErrors.UrlDomain;
    }

    private static bool TryParse(string text, [NotNullWhen(true)] out Uri? url)
    {
        var hasScheme = text.Contains("://", StringComparison.Ordinal);
        return Uri.TryCreate(hasScheme ? text : "http://" + text, UriKind.Absolute, out url)
            && url.Host.Length > 0
            && (hasScheme || IsDomain(url.Host));
    }

    /// <summary>Without a scheme, only dots and the letters of a last label tell a URL from a word or a number.</summary>
    private static bool IsDomain(string host)
    {
        var dot = host.LastIndexOf('.');
        return dot > 0 && dot < host.Length - 1 && host.AsSpan(dot + 1).IndexOfAnyInRange('0', '9') < 0;
    }
}
