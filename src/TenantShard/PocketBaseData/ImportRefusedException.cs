namespace Platform.TenantShard.PocketBaseData;

/// <summary>The upload is no PocketBase data that a tenant can hold. Nothing was changed.</summary>
/// <param name="problems">All that was found, at least one.</param>
/// <param name="cause">For the log.</param>
public sealed class ImportRefusedException(IReadOnlyList<ImportProblem> problems, Exception? cause = null)
    : Exception(problems[0].Message, cause)
{
    /// <param name="place">Where it is.</param>
    /// <param name="code">A stable code.</param>
    /// <param name="message">A sentence for people.</param>
    /// <param name="cause">For the log.</param>
    public ImportRefusedException(string place, string code, string message, Exception? cause = null)
        : this([new ImportProblem(place, code, message)], cause)
    {
    }

    public IReadOnlyList<ImportProblem> Problems { get; } = problems;
}
