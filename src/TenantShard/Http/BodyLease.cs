using System.Globalization;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Http;

/// <summary>What one request holds of the <see cref="BodyBudget"/>, until it ends.</summary>
internal sealed class BodyLease(BodyBudget budget, BudgetShare tenant) : IDisposable
{
    private long _held;

    /// <summary>Bytes that the answer may have.</summary>
    public long AnswerBytesMax => budget.AnswerBytesMax;

    /// <summary>Takes more.</summary>
    /// <exception cref="ApiException">503 when too much is held already.</exception>
    public void Take(long bytes)
    {
        budget.Take(tenant, bytes);
        _held += bytes;
    }

    public ApiException TooLarge() => ApiException.BadRequest(string.Create(
        CultureInfo.InvariantCulture,
        $"The answer is larger than {budget.AnswerBytesMax} bytes: ask for less, with perPage, fields or expand."));

    public void Dispose()
    {
        if (_held > 0) budget.Return(tenant, _held);
        _held = 0;
    }
}
