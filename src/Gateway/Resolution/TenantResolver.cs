using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;

namespace Platform.Gateway.Resolution;

/// <summary>
/// Finds the tenant of a request. The first that names one decides: a custom domain, the one label before the base
/// domain, the <c>X-Tenant-ID</c> header, the tenant claim of the token. Host and header may both be given only if they
/// agree. A found tenant costs no allocation.
/// </summary>
/// <param name="routes">The registry's copy.</param>
/// <param name="baseDomain">
/// Host names one label below it belong to tenants; <c>null</c> or empty: host names are custom domains only.
/// </param>
public sealed class TenantResolver(IRouteSource routes, string? baseDomain)
{
    /// <summary>The header that names a tenant where the host cannot.</summary>
    public const string HeaderName = "X-Tenant-ID";

    // What is quoted back to a client from its own request; enough to recognise, too little to be a nuisance.
    private const int QuotedLengthMax = 100;

    // With its leading dot: the end of every host name below the base domain; null when there is none.
    private readonly string? _baseSuffix = Suffix(baseDomain);

    /// <summary>Resolves <paramref name="request"/> from memory.</summary>
    public TenantResolution Resolve(HttpRequest request)
    {
        Span<char> host = stackalloc char[HostName.LengthMax];
        // Not request.Host, which decodes punycode: domains are registered and compared as they are on the wire.
        if (!HostName.TryNormalise(request.Headers.Host.ToString(), host, out var length))
            return Malformed($"The Host header is longer than {HostName.LengthMax} characters.");

        var byHost = ResolveHost(host[..length]);
        if (byHost.Status != 200) return byHost;

        var header = request.Headers[HeaderName];
        if (header.Count > 0) return ResolveHeader(header, byHost.Tenant);
        return byHost.Outcome == ResolutionOutcome.Found
            ? byHost
            : ResolveToken(request.Headers.Authorization.ToString());
    }

    private TenantResolution ResolveHost(ReadOnlySpan<char> host)
    {
        if (routes.TryGetDomain(host, out var tenant)) return Existing(tenant);
        if (_baseSuffix is null || !host.EndsWith(_baseSuffix, StringComparison.Ordinal)) return default;

        var label = host[..^_baseSuffix.Length];
        return TenantId.IsValid(label)
            ? ResolveId(label)
            : Malformed($"The host '{Quoted(host)}' names no tenant: what stands before '{_baseSuffix}' "
                + $"{TenantId.Rule}.");
    }

    private TenantResolution ResolveHeader(StringValues header, TenantDescriptor? byHost)
    {
        if (header.Count > 1) return Ambiguous($"The request has {header.Count} {HeaderName} headers; send one.");
        var id = header[0];
        if (!TenantId.IsValid(id))
            return Malformed($"The {HeaderName} header is '{Quoted(id)}', but a tenant id {TenantId.Rule}.");
        if (byHost is null) return ResolveId(id);
        return byHost.Id.Value == id
            ? new TenantResolution(ResolutionOutcome.Found, byHost)
            : Ambiguous($"The request names two tenants: '{byHost.Id}' by its host and '{id}' by its {HeaderName} "
                + "header. Send one of them, or the same in both.");
    }

    private TenantResolution ResolveToken(ReadOnlySpan<char> authorization)
    {
        Span<char> claim = stackalloc char[TenantId.LengthMax];
        if (!TokenClaim.TryRead(authorization, claim, out var length)) return default;
        return length >= 0 && TenantId.IsValid(claim[..length])
            ? ResolveId(claim[..length])
            : Malformed($"The token's claim 'tenantId' must be given once, as a string, and {TenantId.Rule}.");
    }

    private TenantResolution ResolveId(ReadOnlySpan<char> id) =>
        routes.TryGetTenant(id, out var tenant)
            ? Existing(tenant)
            : new TenantResolution(ResolutionOutcome.Unknown, Message: Gone(id));

    private static TenantResolution Existing(TenantDescriptor tenant) =>
        tenant.Status == TenantStatus.Deleted
            ? new TenantResolution(ResolutionOutcome.Deleted, Message: Gone(tenant.Id.Value))
            : new TenantResolution(ResolutionOutcome.Found, tenant);

    // One text for both cases: a stranger does not learn which names were in use.
    private static string Gone(ReadOnlySpan<char> id) => $"The tenant '{id}' does not exist or was deleted.";

    private static TenantResolution Malformed(string message) => new(ResolutionOutcome.Malformed, Message: message);

    private static TenantResolution Ambiguous(string message) => new(ResolutionOutcome.Ambiguous, Message: message);

    private static string Quoted(ReadOnlySpan<char> text) =>
        text.Length <= QuotedLengthMax ? text.ToString() : $"{text[..QuotedLengthMax]}...";

    private static string? Suffix(string? baseDomain) =>
        string.IsNullOrEmpty(baseDomain) ? null : "." + baseDomain.Trim('.').ToLowerInvariant();
}
