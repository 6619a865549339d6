using System.Text;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Events;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;
using Platform.TenantShard.Requests;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Realtime;

/// <summary>One event as a group of clients sees it, if its rule lets them.</summary>
internal sealed class EventMessage(
    RecordEvent change, Subscription subscription, ApiContext context, AuthIdentity? auth)
{
    /// <summary>Who gets it.</summary>
    public List<RealtimeClient> Clients { get; } = [];

    /// <summary>The event without its id line, which differs by client; null when the group may not see it.</summary>
    public byte[]? Bytes { get; private set; }

    /// <summary>Evaluates the rule and writes the message. Runs inside a read.</summary>
    /// <param name="scope">The read.</param>
    /// <param name="state">The record as the change left it, when its row is not that any more.</param>
    /// <param name="buffer">The target.</param>
    public void Write(ReadScope scope, RecordValues? state, JsonBuffer buffer)
    {
        Bytes = null;
        if (scope.Schema.FindById(change.Plan.Collection.Id) is not { } collection) return;
        context.Begin(auth);
        context.Enter("realtime");
        var rule = subscription.IsList ? collection.ListRule : collection.ViewRule;
        if (rule is null && !context.IsSuperuser) return;
        try
        {
            var writer = buffer.Writer;
            writer.WriteStartObject();
            writer.WriteString("action"u8, Name(change.Action));
            writer.WritePropertyName("record"u8);
            if (!WriteRecord(scope, collection, rule, state, buffer)) return;
            writer.WriteEndObject();
            buffer.Complete();
            Bytes = Frame(subscription.Text, buffer.Written.Span);
        }
        catch (ApiException)
        {
            // Its own options or the rule are no filter of this collection: then they select nothing.
        }
    }

    private static string Name(RecordAction action) => action switch
    {
        RecordAction.Create => "create",
        RecordAction.Update => "update",
        _ => "delete",
    };

    private bool WriteRecord(
        ReadScope scope, Collection collection, string? rule, RecordValues? state, JsonBuffer buffer)
    {
        var filter = RuleAccess.Require(context, collection, rule);
        if (subscription.Query.HasValue
            && QueryParameters.Read(subscription.Query, "filter") is { Length: > 0 } own)
        {
            filter = RowFilter.And(filter, RowFilter.ForClient(context, collection, own));
        }

        var view = RecordView.Read(context, collection);
        return new RecordQuery(context, collection, change.RecordId, filter, view, buffer) { State = state }.Write(scope);
    }

    /// <summary>An event of that name, without its id line.</summary>
    public static byte[] Frame(string name, ReadOnlySpan<byte> json)
    {
        var head = Encoding.UTF8.GetBytes($"event:{name}\ndata:");
        var frame = new byte[head.Length + json.Length + 2];
        head.CopyTo(frame, 0);
        var data = frame.AsSpan(head.Length, json.Length);
        json.CopyTo(data);
        // Line breaks between the tokens of a stored JSON value would end the line; inside texts they are escaped.
        data.Replace((byte)'\n', (byte)' ');
        data.Replace((byte)'\r', (byte)' ');
        frame.AsSpan(head.Length + json.Length).Fill((byte)'\n');
        return frame;
    }
}
