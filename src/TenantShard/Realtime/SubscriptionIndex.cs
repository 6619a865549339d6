using Platform.TenantShard.Events;

namespace Platform.TenantShard.Realtime;

/// <summary>Clients by id and subscriptions by topic. Not thread safe: the hub's lock guards it.</summary>
internal sealed class SubscriptionIndex
{
    private readonly Dictionary<string, RealtimeClient> _clients = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<Subscription>> _topics = new(StringComparer.Ordinal);

    public int ClientCount => _clients.Count;

    /// <summary>Of all clients.</summary>
    public int SubscriptionCount { get; private set; }

    public IEnumerable<RealtimeClient> Clients => _clients.Values;

    public void Add(RealtimeClient client) => _clients.Add(client.Id, client);

    public RealtimeClient? Find(string id) => _clients.GetValueOrDefault(id);

    public void Remove(RealtimeClient client)
    {
        Clear(client);
        _clients.Remove(client.Id);
    }

    public void Replace(RealtimeClient client, IReadOnlyList<string> texts)
    {
        Clear(client);
        foreach (var text in texts.Distinct(StringComparer.Ordinal))
        {
            var subscription = SubscriptionText.Read(client, text);
            client.Subscriptions.Add(subscription);
            SubscriptionCount++;
            if (!_topics.TryGetValue(subscription.Topic, out var followers))
                _topics.Add(subscription.Topic, followers = new(ReferenceEqualityComparer.Instance));
            followers.Add(subscription);
        }
    }

    /// <summary>Ends one subscription; false when the client has none of that text.</summary>
    public bool Unfollow(RealtimeClient client, string text)
    {
        if (client.Subscriptions.Find(subscription => subscription.Text == text) is not { } found) return false;
        client.Subscriptions.Remove(found);
        SubscriptionCount--;
        Forget(found);
        return true;
    }

    public List<RealtimeClient> Authenticated() => [.. _clients.Values.Where(static client => client.Auth is not null)];

    /// <summary>Who follows the record, by the name or the id of its collection.</summary>
    public List<Subscription> Match(RecordEvent change)
    {
        var matches = new List<Subscription>();
        if (_topics.Count == 0) return matches;
        var collection = change.Plan.Collection;
        foreach (var name in (ReadOnlySpan<string>)[collection.Name, collection.Id])
        {
            Collect(name, matches);
            Collect($"{name}/*", matches);
            Collect($"{name}/{change.RecordId}", matches);
        }

        return matches;
    }

    private void Collect(string topic, List<Subscription> matches)
    {
        if (_topics.TryGetValue(topic, out var followers)) matches.AddRange(followers);
    }

    private void Clear(RealtimeClient client)
    {
        foreach (var subscription in client.Subscriptions) Forget(subscription);
        SubscriptionCount -= client.Subscriptions.Count;
        client.Subscriptions.Clear();
    }

    private void Forget(Subscription subscription)
    {
        if (!_topics.TryGetValue(subscription.Topic, out var followers)) return;
        followers.Remove(subscription);
        if (followers.Count == 0) _topics.Remove(subscription.Topic);
    }
}
