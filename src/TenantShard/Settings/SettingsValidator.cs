using System.Net.Mail;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Platform.TenantShard.ClientAddresses;
using Platform.TenantShard.Crons;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Settings;

/// <summary>Checks settings that are about to be stored.</summary>
internal static partial class SettingsValidator
{
    private const int NameLengthMax = 255;
    private const int RulesMax = 200;

    public static void Check(TenantSettings settings, FieldErrorTree errors)
    {
        CheckMeta(settings.Section("meta"), errors.At("meta"));
        CheckSmtp(settings.Section("smtp"), errors.At("smtp"));
        CheckStorage(settings.Section("s3"), errors.At("s3"));
        var backups = settings.Section("backups");
        CheckStorage(backups["s3"]!.AsObject(), errors.At("backups").At("s3"));
        CheckBackups(backups, errors.At("backups"));
        CheckBatch(settings.Section("batch"), errors.At("batch"));
        CheckMin(settings.Section("logs"), "maxDays", 0, errors.At("logs"));
        CheckRateLimits(settings.Section("rateLimits"), errors.At("rateLimits"));
        CheckAddresses(settings.List("superuserIPs"), errors.At("superuserIPs"));
        CheckHeaders(settings.Section("trustedProxy")["headers"]!.AsArray(), errors.At("trustedProxy").At("headers"));
    }

    private static void CheckMeta(JsonObject meta, FieldErrorTree errors)
    {
        CheckName(meta, "appName", errors);
        CheckName(meta, "senderName", errors);
        if (!ColorPattern().IsMatch(Text(meta, "accentColor"))) errors.AddInvalidFormat("accentColor");
        var url = Text(meta, "appURL");
        if (url.Length == 0) errors.AddRequired("appURL");
        else if (!Uri.TryCreate(url, UriKind.Absolute, out _)) AddUrl("appURL", errors);
        var address = Text(meta, "senderAddress");
        if (address.Length == 0) errors.AddRequired("senderAddress");
        else if (!MailAddress.TryCreate(address, out var parsed) || parsed.Address != address)
            errors.Add("senderAddress", "validation_is_email", "Must be a valid email address.");
    }

    private static void CheckName(JsonObject section, string member, FieldErrorTree errors)
    {
        var name = Text(section, member);
        if (name.Length == 0) errors.AddRequired(member);
        else if (name.Length > NameLengthMax) errors.AddLength(member, 1, NameLengthMax);
    }

    private static void CheckSmtp(JsonObject smtp, FieldErrorTree errors)
    {
        var isEnabled = Flag(smtp, "enabled");
        if (isEnabled && Text(smtp, "host").Length == 0) errors.AddRequired("host");
        CheckHost(smtp, "host", errors);
        CheckHost(smtp, "localName", errors);
        errors.CheckRange("port", Number(smtp, "port"), isEnabled ? 1 : 0, ushort.MaxValue);
        if (Text(smtp, "authMethod") is not ("" or "PLAIN" or "LOGIN")) errors.AddNotAllowed("authMethod");
    }

    private static void CheckHost(JsonObject section, string member, FieldErrorTree errors)
    {
        var host = Text(section, member);
        if (host.Length > 0 && Uri.CheckHostName(host) == UriHostNameType.Unknown)
            errors.Add(member, "validation_is_host", "Must be a valid IP address or DNS name.");
    }

    private static void CheckStorage(JsonObject storage, FieldErrorTree errors)
    {
        var endpoint = Text(storage, "endpoint");
        if (endpoint.Length > 0 && !endpoint.Contains('.') && !Uri.TryCreate(endpoint, UriKind.Absolute, out _))
            AddUrl("endpoint", errors);
        if (!Flag(storage, "enabled")) return;
        foreach (var member in (string[])["endpoint", "bucket", "region", "accessKey", "secret"])
            if (Text(storage, member).Length == 0) errors.AddRequired(member);
    }

    private static void CheckBackups(JsonObject backups, FieldErrorTree errors)
    {
        var cron = Text(backups, "cron");
        if (cron.Length == 0) return;
        if (!CronExpression.TryParse(cron, out _))
            errors.Add(
                "cron", "validation_invalid_cron",
                "Must be five fields (minute, hour, day, month, weekday) or a name such as @daily.");
        CheckMin(backups, "cronMaxKeep", 1, errors);
    }

    private static void CheckBatch(JsonObject batch, FieldErrorTree errors)
    {
        var least = Flag(batch, "enabled") ? 1 : 0;
        CheckMin(batch, "maxRequests", least, errors);
        CheckMin(batch, "timeout", least, errors);
        CheckMin(batch, "maxBodySize", 0, errors);
    }

    private static void CheckRateLimits(JsonObject limits, FieldErrorTree errors)
    {
        var rules = limits["rules"]!.AsArray();
        if (Flag(limits, "enabled") && rules.Count == 0) errors.AddRequired("rules");
        if (rules.Count > RulesMax) errors.AddLength("rules", 0, RulesMax);
        var labels = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < rules.Count; index++)
            CheckRule(rules[index]!.AsObject(), labels, errors.At("rules").At(index));
        CheckAddresses(limits["excludedIPs"]!.AsArray(), errors.At("excludedIPs"));
    }

    private static void CheckAddresses(JsonArray addresses, FieldErrorTree errors)
    {
        for (var index = 0; index < addresses.Count; index++)
            if (!AddressList.TryParse(addresses[index]!.GetValue<string>(), out _))
                errors.Add(Key(index), "validation_is_ip", "Must be a valid IP address or network.");
    }

    private static void CheckHeaders(JsonArray headers, FieldErrorTree errors)
    {
        for (var index = 0; index < headers.Count; index++)
            if (!HeaderPattern().IsMatch(headers[index]!.GetValue<string>())) errors.AddInvalidFormat(Key(index));
    }

    private static string Key(int index) => index.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static void CheckRule(JsonObject rule, HashSet<string> labels, FieldErrorTree errors)
    {
        var label = Text(rule, "label");
        var audience = Text(rule, "audience");
        if (label.Length == 0) errors.AddRequired("label");
        else if (!LabelPattern().IsMatch(label)) errors.AddInvalidFormat("label");
        else if (!labels.Add($"{label} {audience}"))
            errors.Add("label", "validation_conflicting_rate_limit_rule", "Another rule has this label and audience.");
        if (audience is not ("" or "@guest" or "@auth")) errors.AddNotAllowed("audience");
        CheckMin(rule, "duration", 1, errors);
        CheckMin(rule, "maxRequests", 1, errors);
    }

    private static void CheckMin(JsonObject section, string member, long min, FieldErrorTree errors)
    {
        if (Number(section, member) < min) errors.AddTooSmall(member, min);
    }

    private static void AddUrl(string member, FieldErrorTree errors) =>
        errors.Add(member, "validation_is_url", "Must be a valid URL.");

    // A tag, a collection's tag, or a path with or without a method.
    [GeneratedRegex(
        @"\A((\*|\w{1,255}):\w{1,100}|\w{1,100}|([A-Z]{3,10} )?/[^\s]{0,1000})\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelPattern();

    // Of the admin UI; empty = its own.
    [GeneratedRegex(@"\A(#[0-9A-Fa-f]{3}([0-9A-Fa-f]{3})?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex ColorPattern();

    // https://www.rfc-editor.org/rfc/rfc9110#name-field-names
    [GeneratedRegex(@"\A[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}\z", RegexOptions.CultureInvariant)]
    private static partial Regex HeaderPattern();

    private static string Text(JsonObject section, string member) => section[member]!.GetValue<string>();

    private static bool Flag(JsonObject section, string member) => section[member]!.GetValue<bool>();

    // Numbers come from text or from code, as long or int.
    private static long Number(JsonObject section, string member) =>
        section[member]!.AsValue() is var value && value.TryGetValue<long>(out var number)
            ? number
            : value.GetValue<int>();
}
