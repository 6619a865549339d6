using Platform.Replication.Fencing;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Hosting.Recovery;

/// <summary>Turns what this node refuses into what its other parts understand.</summary>
internal static class NodeRefusal
{
    public static async Task<TResult> TranslateAsync<TResult>(Func<Task<TResult>> work)
    {
        try
        {
            return await work();
        }
        catch (ApiException refusal)
        {
            throw new ShardRequestException(refusal.Status, refusal.Message, [], refusal);
        }
        catch (TimeoutException late)
        {
            throw new ShardRequestException(503, "The tenant opens or closes too slowly.", [], late);
        }
        catch (FencedException fenced)
        {
            throw new ShardRequestException(503, "Another node owns the tenant. Nothing was changed.", [], fenced);
        }
        catch (IOException disk)
        {
            throw new ShardRequestException(
                503, "The node's disk failed or is full. Nothing was changed.", [], disk);
        }
    }
}
