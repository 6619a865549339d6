using Platform.Cluster.Http;
using Platform.Messages.Identity;

namespace Platform.Cluster.Tenants;

/// <summary>What the registry refuses, in words.</summary>
internal static class RegistryProblems
{
    private const string NotUnique = "validation_not_unique";

    public static ApiProblem Unknown(string id) => new(404, $"There is no tenant '{Shorten(id)}'.");

    public static ApiProblem IdTaken(TenantId id, bool isDeleted) => ApiProblem.OfField(
        409, $"The tenant id '{id}' is taken.", "id", NotUnique,
        isDeleted
            ? $"The id '{id}' belongs to a deleted tenant, which can be restored: POST /api/cp/tenants/{id}/restore."
            : $"The id '{id}' belongs to another tenant.");

    public static ApiProblem DomainTaken(string domain, string owner) => ApiProblem.OfField(
        409, $"The domain '{domain}' is taken.", "domains", NotUnique,
        $"The domain '{domain}' belongs to the tenant '{owner}'.");

    public static ApiProblem IsDeleted(TenantId id) =>
        new(409, $"The tenant '{id}' is deleted; restore it first: POST /api/cp/tenants/{id}/restore.");

    public static ApiProblem IsNotDeleted(TenantId id) =>
        new(409, $"The tenant '{id}' is not deleted; only deleted tenants are purged: DELETE /api/cp/tenants/{id}.");

    public static ApiProblem IdPurging(TenantId id) => ApiProblem.OfField(
        409, $"The tenant id '{id}' is taken.", "id", NotUnique,
        $"The id '{id}' belongs to a tenant that is being purged; it is free when that has ended.");

    public static ApiProblem IdUnfinished(TenantId id) => ApiProblem.OfField(
        409, $"The tenant id '{id}' is taken.", "id", NotUnique,
        $"An import or a copy into '{id}' has just failed, and what it sent may still arrive: send the same request again, "
        + "or take the id for something else in a quarter of an hour.");

    public static ApiProblem PurgeUnfinished(TenantId id) => new(
        503, $"The tenant '{id}' is purged, but object storage did not delete everything yet; that is tried again until it does.")
    {
        RetryAfterSeconds = 5,
    };

    public static ApiProblem ChangedMeanwhile(TenantId id) => ApiProblem.OfField(
        409, $"The tenant '{id}' was changed by somebody else meanwhile; read it again.", "updated", NotUnique,
        "Is not the moment of the last change.");

    public static ApiProblem NoNameFound { get; } =
        new(503, "No free id was found; give one.") { RetryAfterSeconds = 1 };

    public static ApiProblem NothingCreated { get; } = new(
        503, "Object storage did not take the tenant's descriptor, so the tenant was not created. Try again.")
    {
        RetryAfterSeconds = 5,
    };

    public static ApiProblem StoreFailed { get; } = new(
        503, "The cluster store does not answer; whether the change was made can be read later. Try again.")
    {
        RetryAfterSeconds = 5,
    };

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "...";
}
