using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Http;

/// <summary>
/// Bytes of large bodies, of requests and of answers, that a node holds in memory; shared by all tenants, of which none gets
/// more than half, so that one with slow clients leaves room for the others.
/// </summary>
internal sealed class BodyBudget(long bytesMax, long answerBytesMax)
{
    private readonly Lock _gate = new();
    private long _used;

    /// <summary>Bytes of one answer.</summary>
    public long AnswerBytesMax { get; } = answerBytesMax;

    /// <exception cref="ApiException">503 when too much is held already.</exception>
    public void Take(BudgetShare tenant, long bytes)
    {
        lock (_gate)
        {
            if (_used + bytes <= bytesMax && tenant.Used + bytes <= bytesMax / 2)
            {
                _used += bytes;
                tenant.Used += bytes;
                return;
            }
        }

        throw ApiException.Unavailable("Too many large requests and answers at the same time.", retryAfterSeconds: 2);
    }

    public void Return(BudgetShare tenant, long bytes)
    {
        lock (_gate)
        {
            _used -= bytes;
            tenant.Used -= bytes;
        }
    }
}
