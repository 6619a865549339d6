using Platform.Replication.Ltx;

namespace Platform.Replication.Restoring;

/// <summary>A break in a replica's history: nothing continues a transaction, but there are later files.</summary>
/// <param name="After">The last transaction that can be restored; <see cref="Txid.None"/> when there is no snapshot
/// to start with.</param>
/// <param name="Resumes">The first transaction after it that any file holds.</param>
public readonly record struct RestoreGap(Txid After, Txid Resumes)
{
    /// <inheritdoc/>
    public override string ToString() => After == Txid.None
        ? $"there is no snapshot; the first file starts with transaction {Resumes}"
        : $"after transaction {After} the next file starts with {Resumes}";
}
