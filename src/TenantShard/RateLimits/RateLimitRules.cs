using System.Text.Json.Nodes;
using Platform.TenantShard.ClientAddresses;

namespace Platform.TenantShard.RateLimits;

/// <summary>A tenant's rules, and who is exempt.</summary>
internal sealed class RateLimitRules
{
    private readonly RateLimitRule[] _rules;

    private RateLimitRules(RateLimitRule[] rules, AddressList excluded)
    {
        _rules = rules;
        Excluded = excluded;
    }

    /// <summary>Clients that no rule is for.</summary>
    public AddressList Excluded { get; }

    /// <summary>Null when the tenant limits nothing.</summary>
    public static RateLimitRules? From(JsonObject section)
    {
        if (!section["enabled"]!.GetValue<bool>()) return null;
        return new RateLimitRules(
            [.. section["rules"]!.AsArray().Select(static rule => RateLimitRule.From(rule!.AsObject()))],
            AddressList.From(section["excludedIPs"]!.AsArray()));
    }

    /// <summary>
    /// The one rule of a request, the most exact kind first: the collection's tag, everybody's tag, method and path, a
    /// path above it with the method, path, a path above it. Within a kind the first of the list.
    /// </summary>
    public RateLimitRule? Find(
        string? collection, ReadOnlySpan<string> tags, string method, string path, bool isGuest) =>
        (collection is null ? null : FindTag(collection, tags, isGuest))
            ?? FindTag("*", tags, isGuest)
            ?? FindPath(method, path, isGuest)
            ?? FindPath("", path, isGuest);

    /// <summary>The rule of an action inside another request, which has its path and method no more.</summary>
    public RateLimitRule? FindAction(string? collection, ReadOnlySpan<string> tags, bool isGuest) =>
        (collection is null ? null : FindTag(collection, tags, isGuest)) ?? FindTag("*", tags, isGuest);

    private RateLimitRule? FindTag(string collection, ReadOnlySpan<string> tags, bool isGuest)
    {
        foreach (var tag in tags)
            foreach (var rule in _rules)
                if (rule.IsTagOf(collection, tag) && rule.IsFor(isGuest)) return rule;
        return null;
    }

    private RateLimitRule? FindPath(string method, string path, bool isGuest)
    {
        foreach (var rule in _rules)
            if (rule.IsPath(method, path) && rule.IsFor(isGuest)) return rule;
        foreach (var rule in _rules)
            if (rule.IsAbove(method, path) && rule.IsFor(isGuest)) return rule;
        return null;
    }
}
