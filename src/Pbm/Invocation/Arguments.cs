using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Platform.Pbm.Invocation;

/// <summary>Arguments that several commands share, with their errors in words.</summary>
internal static class Arguments
{
    /// <summary>A tenant's id that has to be given.</summary>
    public static Argument<string> TenantId() => new("ID")
    {
        Description = "The tenant's id.",
        CustomParser = ParseTenantId!,
    };

    /// <summary>The id of a tenant to make.</summary>
    public static Argument<string> NewTenantId() => new("NEW")
    {
        Description = "The id of the new tenant.",
        CustomParser = ParseTenantId!,
    };

    /// <summary>Parses a tenant's id; the rule is checked here because a wrong id could name another path.</summary>
    public static string? ParseTenantId(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (!Messages.Identity.TenantId.IsValid(text))
            result.AddError($"The tenant id '{text}' {Messages.Identity.TenantId.Rule}.");
        return text;
    }

    /// <summary>A whole number of at least 1, such as a page.</summary>
    public static Option<int?> Count(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1)
                return count;
            result.AddError($"{name} must be a whole number of at least 1, not '{text}'.");
            return null;
        },
    };
}
