using Platform.TenantShard.Collections;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Records;

/// <summary>What a collection's rule lets a request do.</summary>
internal static class RuleAccess
{
    /// <summary>
    /// The filter that rows must meet, null when every row does.
    /// </summary>
    /// <exception cref="ApiException">403 when the rule lets superusers only.</exception>
    public static RowFilter? Require(ApiContext context, Collection collection, string? rule)
    {
        if (context.IsSuperuser) return null;
        if (rule is null) throw SuperusersOnly();
        return rule.Length == 0 ? null : RowFilter.ForRule(context, collection, rule);
    }


    /// <exception cref="ApiException">403 for anybody else.</exception>
    public static void RequireSuperuser(ApiContext context)
    {
        if (!context.IsSuperuser) throw SuperusersOnly();
    }

    private static ApiException SuperusersOnly() => ApiException.Forbidden("Only superusers can perform this action.");
}
