using System.Net;
using System.Text;
using Platform.Cluster.Http;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;

namespace Platform.Cluster.Tenants;

/// <summary>What a tenant's fields may be. Each broken rule is noted at its field.</summary>
internal sealed class TenantRules(string baseDomain)
{
    /// <summary>So many that a transaction over all of them fits the cluster store.</summary>
    public const int DomainsMax = 32;

    /// <summary>Labels of the operator: see <see cref="TenantDescriptor.Metadata"/>.</summary>
    public const int LabelsMax = 64;

    /// <summary>The system tenant of the platform itself.</summary>
    private const string ReservedId = "platform";

    private const int LabelNameLengthMax = 64;
    private const int LabelValueLengthMax = 1024;
    private const int DomainLengthMax = 253;
    private const int EmailLengthMax = 255;
    private const int PasswordLengthMin = 8;

    /// <summary>bcrypt reads no more than 72 bytes, one of them a terminator.</summary>
    private const int PasswordBytesMax = 71;

    private const long StorageBytesMin = 1024 * 1024;
    private const long BodyBytesMin = 1024;

    public static TenantId? Id(JsonFields fields, string name = "id")
    {
        if (fields.Text(name) is not { } text) return null;
        var id = Id(text, out var problem);
        if (problem is not null) fields.Refuse(name, problem.Code, problem.Message);
        return id;
    }

    /// <summary>The id, or null with what is wrong with it.</summary>
    public static TenantId? Id(string text, out FieldProblem? problem)
    {
        problem = null;
        if (!TenantId.TryParse(text, out var id))
            problem = new("validation_invalid_format", $"The id {TenantId.Rule}.");
        else if (text == ReservedId)
            problem = new("validation_reserved", $"The id '{ReservedId}' belongs to the platform itself.");
        else
            return id;
        return null;
    }

    public IReadOnlyList<string> Domains(JsonFields fields)
    {
        var domains = fields.Texts("domains") ?? [];
        if (domains.Count > DomainsMax)
            fields.Refuse("domains", "validation_out_of_range", $"At most {DomainsMax} domains are possible.");
        foreach (var domain in domains)
            if (DescribeDomain(domain) is { } reason)
                fields.Refuse("domains", "validation_invalid_domain", $"'{Shorten(domain)}' {reason}.");
        if (domains.Distinct(StringComparer.Ordinal).Count() < domains.Count)
            fields.Refuse("domains", "validation_not_unique", "A domain is given twice.");
        return domains;
    }

    public static Durability Durability(JsonFields fields, Durability otherwise)
    {
        switch (fields.Text("durability"))
        {
            case null: return otherwise;
            case "replicated": return Messages.Tenants.Durability.Replicated;
            case "local": return Messages.Tenants.Durability.Local;
            default:
                fields.Refuse("durability", "validation_invalid_choice", "Must be 'replicated' or 'local'.");
                return otherwise;
        }
    }

    public static TenantQuotas Quotas(JsonFields fields)
    {
        if (!fields.TryGetObject("quotas", out var quotas, "storageBytesMax", "requestBodyBytesMax"))
            return new TenantQuotas();
        return new TenantQuotas(
            Limit(quotas, "storageBytesMax", StorageBytesMin), Limit(quotas, "requestBodyBytesMax", BodyBytesMin));
    }

    public static IReadOnlyDictionary<string, string> Metadata(JsonFields fields)
    {
        var labels = fields.Labels("metadata") ?? new Dictionary<string, string>();
        if (labels.Count > LabelsMax)
            fields.Refuse("metadata", "validation_out_of_range", $"At most {LabelsMax} labels are possible.");
        foreach (var (name, value) in labels)
            if (name.Length is 0 or > LabelNameLengthMax || value.Length > LabelValueLengthMax)
                fields.Refuse(
                    "metadata", "validation_out_of_range",
                    $"A label's name has 1 to {LabelNameLengthMax} characters, "
                    + $"its value at most {LabelValueLengthMax}.");
        return labels;
    }

    /// <summary>Null when none is asked for, or when it is wrong.</summary>
    public static SuperuserAccount? Superuser(JsonFields fields) =>
        fields.TryGetObject("superuser", out var superuser, "email", "password") ? Account(superuser) : null;

    /// <summary>E-mail and password of an object that holds just these.</summary>
    public static SuperuserAccount? Account(JsonFields fields)
    {
        var email = Required(fields, "email");
        var password = Required(fields, "password");
        if (email is { Length: > 0 } && !IsEmail(email))
            fields.Refuse("email", "validation_is_email", "Must be a valid e-mail address.");
        if (password is { Length: > 0 and < PasswordLengthMin })
            fields.Refuse(
                "password", "validation_min_text_constraint", $"Must have at least {PasswordLengthMin} characters.");
        if (password is not null && Encoding.UTF8.GetByteCount(password) > PasswordBytesMax)
            fields.Refuse("password", "validation_max_text_constraint", $"Must have at most {PasswordBytesMax} bytes.");
        return email is null || password is null ? null : new SuperuserAccount(email, password);
    }

    private static string? Required(JsonFields fields, string name)
    {
        var text = fields.Text(name);
        if (string.IsNullOrEmpty(text)) fields.Refuse(name, "validation_required", "Cannot be blank.");
        return text;
    }

    private static long? Limit(JsonFields quotas, string name, long min)
    {
        var limit = quotas.Integer(name);
        if (limit < min)
            quotas.Refuse(name, "validation_out_of_range", $"Must be at least {min}, or null for the default.");
        return limit;
    }

    /// <summary>Enough to catch slips; whether the address exists only a message to it can tell.</summary>
    private static bool IsEmail(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return text.Length <= EmailLengthMax && at > 0 && at == text.LastIndexOf('@')
            && !text.Any(character => char.IsWhiteSpace(character) || char.IsControl(character))
            && Uri.CheckHostName(text[(at + 1)..]) == UriHostNameType.Dns
            && text.IndexOf('.', at) > at;
    }

    private string? DescribeDomain(string domain)
    {
        if (domain.Length is 0 or > DomainLengthMax || !domain.Contains('.', StringComparison.Ordinal)
            || !domain.Split('.').All(label => TenantId.IsValid(label)) || IPAddress.TryParse(domain, out _))
            return "is not a host name: lower case a-z, 0-9, '-' and dots, without port "
                + "(international names as xn--...)";
        return domain == baseDomain || domain.EndsWith("." + baseDomain, StringComparison.Ordinal)
            ? $"is under '{baseDomain}', where tenants answer by their id"
            : null;
    }

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "...";
}
