using Platform.Cluster.Http;
using Platform.Messages.Identity;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.Replication.Rewinding;
using Platform.TenantShard.Hosting;

namespace Platform.Cluster.Recovery;

/// <summary>What going back, copying and backing up refuse, in words.</summary>
internal static class RecoveryProblems
{
    private const int RetryAfterSeconds = 5;

    public static ApiProblem IntoTaken(TenantId id) => ApiProblem.OfField(
        409, $"The tenant id '{id}' is taken.", "into", "validation_not_unique",
        $"The id '{id}' belongs to another tenant. A copy never replaces one.");

    public static ApiProblem NameTaken(string name) => ApiProblem.OfField(
        409, $"There is a backup '{name}' already.", "name", "validation_not_unique",
        $"Choose another name, or delete '{name}' first.");

    public static ApiProblem UnknownBackup(string name) =>
        new(404, $"There is no backup '{(name.Length <= 120 ? name : name[..120] + "...")}' of this tenant.");

    public static ApiProblem CopyUnfinished(TenantId id) => new(
        503,
        $"Object storage failed while the copy was stored. The source is as it was, and there is no tenant '{id}'; send the "
        + "same request again.")
    {
        RetryAfterSeconds = RetryAfterSeconds,
    };

    /// <summary>Null for what nobody expects: a bug.</summary>
    public static ApiProblem? Of(Exception failure, string targetField) => failure switch
    {
        NotRetainedException => ApiProblem.OfField(
            400, $"{failure.Message} Nothing was changed.", targetField, "validation_not_retained", failure.Message),
        RestoreException => new ApiProblem(409, $"{failure.Message} Nothing was changed."),
        ObjectStoreException => new ApiProblem(
            503, "Object storage does not answer. What was to be changed is changed whole or not at all; try again.")
        {
            RetryAfterSeconds = RetryAfterSeconds,
        },
        ShardRequestException { Status: 503 } busy => new ApiProblem(503, busy.Message)
        {
            RetryAfterSeconds = RetryAfterSeconds,
        },
        ShardRequestException refused => new ApiProblem(refused.Status, refused.Message),
        _ => null,
    };
}
