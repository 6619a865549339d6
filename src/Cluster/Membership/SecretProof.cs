using System.Security.Cryptography;
using System.Text;
using Platform.Cluster.Store;

namespace Platform.Cluster.Membership;

/// <summary>
/// Shows a process that starts with a wrong cluster secret, before it becomes a member whom nobody listens to: the store
/// holds a slow hash of the secret. When no process of the cluster lives, a new secret may take its place.
/// </summary>
internal sealed class SecretProof(IClusterStore store, string secret)
{
    /// <summary>Not part of snapshots.</summary>
    public const string Key = "/cluster/secret-proof";

    private const int SaltBytes = 16;
    private const int HashBytes = 32;
    private const int Iterations = 100_000;

    /// <summary>True when the secret is the cluster's; of a cluster that has none yet it becomes it.</summary>
    /// <param name="isAlone">No other process lives.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <exception cref="ClusterStoreException">The store does not answer.</exception>
    public async Task<bool> HoldsAsync(bool isAlone, CancellationToken cancellationToken)
    {
        while (true)
        {
            var present = await store.GetAsync(Key, cancellationToken);
            if (present is not null && IsProven(present.Value.Span)) return true;
            if (present is not null && !isAlone) return false;
            var salt = RandomNumberGenerator.GetBytes(SaltBytes);
            var commit = await store.CommitAsync(
                new StoreTransaction
                {
                    Compares = [StoreCompare.Unchanged(Key, present?.ModRevision ?? 0)],
                    Operations = [StoreOperation.Put(Key, (byte[])[.. salt, .. Hash(salt)])],
                },
                cancellationToken);
            if (commit.Succeeded) return true;
        }
    }

    private bool IsProven(ReadOnlySpan<byte> proof) =>
        proof.Length == SaltBytes + HashBytes
        && CryptographicOperations.FixedTimeEquals(Hash(proof[..SaltBytes]), proof[SaltBytes..]);

    private byte[] Hash(ReadOnlySpan<byte> salt) => Rfc2898DeriveBytes.Pbkdf2(
        Encoding.UTF8.GetBytes(secret), salt, Iterations, HashAlgorithmName.SHA256, HashBytes);
}
