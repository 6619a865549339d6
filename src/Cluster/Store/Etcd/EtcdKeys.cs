using System.Text;
using Google.Protobuf;
using Platform.Cluster.Store.Etcd.Wire;

namespace Platform.Cluster.Store.Etcd;

/// <summary>
/// Keys of the port to keys of etcd and back: all lie under a prefix, so that several clusters can share one etcd.
/// </summary>
/// <param name="prefix">Empty, or <c>/</c> and visible ASCII that does not end with <c>/</c>.</param>
internal sealed class EtcdKeys(string prefix)
{
    public ByteString Encode(string key) => ByteString.CopyFromUtf8(prefix + key);

    /// <summary>The first key that is greater than every key under <paramref name="keyPrefix"/>.</summary>
    public ByteString EndOf(string keyPrefix)
    {
        // Keys are visible ASCII, so the last byte can always be raised.
        var bytes = Encoding.ASCII.GetBytes(prefix + keyPrefix);
        bytes[^1]++;
        return UnsafeByteOperations.UnsafeWrap(bytes);
    }

    public string Decode(ByteString key) => Encoding.ASCII.GetString(key.Span[prefix.Length..]);

    public StoreEntry ToEntry(KeyValue pair) =>
        new(Decode(pair.Key), pair.Value.Memory, pair.CreateRevision, pair.ModRevision, pair.Lease);
}
