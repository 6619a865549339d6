namespace Platform.TenantShard.Records.Codecs;

/// <summary>The domains that an e-mail or URL field takes.</summary>
internal static class DomainList
{
    public static bool Allows(string domain, IReadOnlyList<string>? only, IReadOnlyList<string>? except) =>
        (only is not { Count: > 0 } || Has(only, domain)) && (except is not { Count: > 0 } || !Has(except, domain));

    private static bool Has(IReadOnlyList<string> domains, string domain)
    {
        foreach (var listed in domains)
            if (string.Equals(listed, domain, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
