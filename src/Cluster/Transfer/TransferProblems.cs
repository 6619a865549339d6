using Platform.Cluster.Http;
using Platform.Messages.Identity;
using Platform.TenantShard.PocketBaseData;

namespace Platform.Cluster.Transfer;

/// <summary>What importing refuses, in words.</summary>
internal static class TransferProblems
{
    private const string TooLargeCode = "validation_too_large";

    public static ApiProblem HasData(TenantId id) => ApiProblem.OfField(
        409, $"The tenant '{id}' has data already.", "replace", "validation_not_unique",
        "Import into a new tenant, or replace the data of this one with ?replace=true: it stays in the history.");

    public static ApiProblem TooLarge(long bytesMax) =>
        new(413, $"The upload is larger than {bytesMax} bytes (platform.import.bytes-max).");

    public static ApiProblem OverQuota(TenantId id, long bytes, long limit) => ApiProblem.OfField(
        507, $"The data needs {bytes} bytes, the tenant '{id}' may have {limit}.", "quotas.storageBytesMax",
        "validation_out_of_range", "Raise the limit first. Nothing was changed.");

    public static ApiProblem Refused(ImportRefusedException refused)
    {
        var isTooLarge = refused.Problems.Any(problem => problem.Code == TooLargeCode);
        return new ApiProblem(
            isTooLarge ? 413 : 400, $"The upload was not imported: {refused.Message} Nothing was changed.")
        {
            Fields = refused.Problems.DistinctBy(problem => problem.Place).ToDictionary(
                problem => problem.Place, problem => new FieldProblem(problem.Code, problem.Message)),
        };
    }

    public static ApiProblem Unfinished(TenantId id) => new(
        503, $"Storing the data failed. There is no tenant '{id}'; send the same request again.")
    {
        RetryAfterSeconds = 5,
    };
}
