using System.Globalization;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Records;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Batch;

/// <summary>
/// Runs the writes of a batch in their order, as one command: each sees what those before it did, and the first that is
/// refused undoes all. The command uses what its request has read; its request waits for it.
/// </summary>
/// <param name="writes">What to do.</param>
/// <param name="timeout">The longest time that all together may take.</param>
/// <param name="clock">Measures it.</param>
/// <param name="isRehearsal">Ends with <see cref="BatchRehearsedException"/> instead of success.</param>
internal sealed class BatchCommand(
    IReadOnlyList<IRecordWrite> writes, TimeSpan timeout, TimeProvider clock, bool isRehearsal)
    : WriteCommand<IReadOnlyList<RecordValues?>>
{
    private const string Refusal = "Batch transaction failed.";

    public override IReadOnlyList<RecordValues?> Execute(WriteScope scope)
    {
        var started = clock.GetTimestamp();
        var results = new RecordValues?[writes.Count];
        for (var index = 0; index < results.Length; index++)
        {
            if (clock.GetElapsedTime(started) > timeout) throw TimedOut();
            try
            {
                results[index] = writes[index].Run(scope);
            }
            catch (ApiException refusal)
            {
                throw Failed(index, refusal);
            }
        }

        return isRehearsal ? throw new BatchRehearsedException() : results;
    }

    private static ApiException Failed(int index, ApiException refusal)
    {
        var failed = new FieldError("batch_request_failed", "Batch request failed.") { Response = refusal };
        var byIndex = new Dictionary<string, FieldError>
        {
            [index.ToString(CultureInfo.InvariantCulture)] = failed,
        };
        return new ApiException(
            400, Refusal, new Dictionary<string, FieldError> { ["requests"] = FieldError.Of(byIndex) }, refusal);
    }

    private static ApiException TimedOut() => ApiException.BadField(
        Refusal, "requests", "batch_timeout", "The batch took longer than its time limit.");
}
