using System.Net;
using System.Text;
using Platform.TenantShard.Collections.Auth;
using Platform.TenantShard.Settings;

namespace Platform.TenantShard.Mail;

/// <summary>
/// Fills the placeholders of a template: <c>{APP_NAME} {APP_URL} {TOKEN} {OTP} {OTP_ID} {ALERT_INFO} {RECORD:field}</c>.
/// Values are escaped in the body. A placeholder without a value stays as it is.
/// </summary>
internal static class MailTemplate
{
    private const string Layout = """
        <!doctype html>
        <html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"><style>
        body { padding: 20px; font: 14px/1.5 sans-serif; color: #16161a; }
        .btn { display: inline-block; padding: 10px 20px; border-radius: 4px; background: #16161a;
          color: #fff !important; font-weight: bold; text-decoration: none; }
        </style></head><body>
        """;

    /// <param name="template">With placeholders.</param>
    /// <param name="settings">Of the tenant: names and the sender.</param>
    /// <param name="recipient">Who gets it.</param>
    /// <param name="find">The value of a placeholder's name, or null.</param>
    public static MailMessage Fill(
        EmailTemplate template, TenantSettings settings, string recipient, Func<string, string?> find)
    {
        var meta = settings.Section("meta");
        string? Find(string name) => name switch
        {
            "APP_NAME" => settings.AppName,
            "APP_URL" => settings.AppUrl.TrimEnd('/'),
            _ => find(name),
        };
        return new MailMessage(
            meta["senderName"]!.GetValue<string>(),
            meta["senderAddress"]!.GetValue<string>(),
            recipient,
            Replace(template.Subject, Find),
            Layout + Replace(template.Body, name => WebUtility.HtmlEncode(Find(name))) + "</body></html>");
    }

    private static string Replace(string template, Func<string, string?> find)
    {
        var text = new StringBuilder(template.Length);
        var at = 0;
        while (at < template.Length)
        {
            var open = template.IndexOf('{', at);
            var close = open < 0 ? -1 : template.IndexOf('}', open);
            if (close < 0) break;
            // Of {{NAME} the inner brace begins the placeholder.
            open = template.LastIndexOf('{', close);
            text.Append(template, at, open - at);
            text.Append(find(template[(open + 1)..close]) ?? template[open..(close + 1)]);
            at = close + 1;
        }

        return text.Append(template, at, template.Length - at).ToString();
    }
}
