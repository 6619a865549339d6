using System.Text.Json;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Store;

namespace Platform.Cluster.Events;

/// <summary>Tells all processes of what leaves no other trace in the store.</summary>
internal sealed partial class EventNotes(IClusterStore store, TimeProvider time, ILogger<EventNotes> logger)
{
    public const string Prefix = "/events/";

    /// <summary>An event is no reason to fail: one that cannot be told is logged.</summary>
    /// <param name="kind">One of <see cref="EventKinds"/>.</param>
    /// <param name="note">The rest, without the time.</param>
    /// <param name="cancellationToken">Ends the write.</param>
    public async Task TellAsync(string kind, EventNote note, CancellationToken cancellationToken)
    {
        try
        {
            await store.CommitAsync(new StoreTransaction { Operations = [Put(kind, note)] }, cancellationToken);
        }
        catch (ClusterStoreException failure)
        {
            LogNotTold(kind, failure.Message);
        }
    }

    /// <summary>For a transaction that does more: what happened and the word of it are one.</summary>
    public StoreOperation Put(string kind, EventNote note) => StoreOperation.Put(
        Prefix + kind,
        JsonSerializer.SerializeToUtf8Bytes(note with { Time = time.GetUtcNow() }, EventJson.Default.EventNote));

    [LoggerMessage(3140, LogLevel.Warning, "The event {Kind} could not be told: {Reason}")]
    private partial void LogNotTold(string kind, string reason);
}
