using Platform.Messages.Tenants;

namespace Platform.Gateway.Resolution;

/// <summary>The answer of <see cref="TenantResolver"/>.</summary>
/// <param name="Outcome">What was found.</param>
/// <param name="Tenant">Set exactly when <paramref name="Outcome"/> is <see cref="ResolutionOutcome.Found"/>.</param>
/// <param name="Message">For the client, set when the request has to be refused.</param>
public readonly record struct TenantResolution(
    ResolutionOutcome Outcome, TenantDescriptor? Tenant = null, string? Message = null)
{
    /// <summary>The HTTP status of a refusal; 200 when there is nothing to refuse.</summary>
    public int Status => Outcome switch
    {
        ResolutionOutcome.Malformed or ResolutionOutcome.Ambiguous => 400,
        ResolutionOutcome.Unknown or ResolutionOutcome.Deleted => 404,
        _ => 200,
    };
}
