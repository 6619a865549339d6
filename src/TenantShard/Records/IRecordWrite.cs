using Platform.TenantShard.Files.Forms;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Records;

/// <summary>
/// A write of one record as far as it can be prepared before its turn in a transaction with others: bodies are read,
/// passwords hashed and rules compiled; what depends on the rows is left to <see cref="Run"/>.
/// </summary>
internal interface IRecordWrite
{
    /// <summary>Whose record it is; null when that is not known.</summary>
    CollectionPlan? Plan { get; }

    /// <summary>The record that is written; empty when that is not known.</summary>
    string RecordId { get; }

    /// <summary>Files to be stored before.</summary>
    IReadOnlyList<UploadedFile> Uploads { get; }

    /// <summary>True when it cannot succeed, whatever the rows are.</summary>
    bool IsRefused { get; }

    /// <summary>Writes, inside a command.</summary>
    /// <returns>All values of the record; null when it was deleted.</returns>
    /// <exception cref="Errors.ApiException">The write is refused; the command must be undone.</exception>
    RecordValues? Run(WriteScope scope);
}
