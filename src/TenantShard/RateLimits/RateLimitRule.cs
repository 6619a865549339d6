using System.Text.Json.Nodes;

namespace Platform.TenantShard.RateLimits;

/// <summary>
/// One rule of <c>settings.rateLimits.rules</c>: how many requests of one client, in how much time. Its label names what
/// it is for: <c>users:auth</c> or <c>*:create</c> (an action of collections), <c>/api/health</c> (a path),
/// <c>/api/</c> (all paths below), each path also with a method before it: <c>POST /api/batch</c>.
/// </summary>
internal sealed class RateLimitRule
{
    public const string Guests = "@guest";
    public const string Records = "@auth";

    private RateLimitRule(string label, string audience)
    {
        Key = label + audience;
        Audience = audience;
        var colon = label.IndexOf(':');
        var slash = label.IndexOf('/');
        if (slash < 0)
        {
            Scope = colon < 0 ? "*" : label[..colon];
            Name = label[(colon + 1)..];
            IsTag = true;
            return;
        }

        Scope = label[..slash].TrimEnd();
        Name = label[slash..];
        IsPrefix = Name.EndsWith('/');
    }

    /// <summary>Under what it counts.</summary>
    public string Key { get; }

    public int MaxRequests { get; private init; }

    public TimeSpan Duration { get; private init; }

    private string Audience { get; }

    private bool IsTag { get; }

    private bool IsPrefix { get; }

    /// <summary>A collection, or <c>*</c>; of a path its method, or nothing.</summary>
    private string Scope { get; }

    private string Name { get; }

    public static RateLimitRule From(JsonObject rule) =>
        new(rule["label"]!.GetValue<string>().Trim(), rule["audience"]!.GetValue<string>())
        {
            MaxRequests = (int)Math.Clamp(Number(rule, "maxRequests"), 1, int.MaxValue),
            Duration = TimeSpan.FromSeconds(Math.Clamp(Number(rule, "duration"), 1, int.MaxValue)),
        };

    public bool IsFor(bool isGuest) => Audience.Length == 0 || Audience == (isGuest ? Guests : Records);

    public bool IsTagOf(string collection, string tag) => IsTag && Name == tag && Scope == collection;

    public bool IsPath(string method, string path) => !IsTag && !IsPrefix && Name == path && Scope == method;

    public bool IsAbove(string method, string path) =>
        !IsTag && IsPrefix && Scope == method && path.StartsWith(Name, StringComparison.Ordinal);

    private static long Number(JsonObject rule, string member) =>
        rule[member]!.AsValue() is var value && value.TryGetValue<long>(out var number)
            ? number
            : value.GetValue<int>();
}
