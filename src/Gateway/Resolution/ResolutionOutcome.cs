namespace Platform.Gateway.Resolution;

/// <summary>What the gateway knows about the tenant of a request.</summary>
public enum ResolutionOutcome
{
    /// <summary>Nothing in the request names a tenant: it is for the process itself (admin API, probes).</summary>
    NotATenantRequest,

    /// <summary>The tenant exists.</summary>
    Found,

    /// <summary>Something names a tenant in a form that no tenant id or host name can have.</summary>
    Malformed,

    /// <summary>The request names more than one tenant.</summary>
    Ambiguous,

    /// <summary>A well-formed id that is in no registry.</summary>
    Unknown,

    /// <summary>The tenant was deleted.</summary>
    Deleted,
}
