namespace Platform.Replication.Ltx;

/// <summary>An LTX file is damaged, or content was refused because it would make one that others cannot read.</summary>
/// <param name="fault">What is wrong.</param>
/// <param name="reason">The details, as a sentence.</param>
/// <param name="cause">The underlying error, if any.</param>
public sealed class LtxException(LtxFault fault, string reason, Exception? cause = null)
    : Exception($"LTX: {reason} {HintFor(fault)}", cause)
{
    /// <summary>What is wrong.</summary>
    public LtxFault Fault { get; } = fault;

    /// <summary>What an operator should look at.</summary>
    public string Hint { get; } = HintFor(fault);

    private static string HintFor(LtxFault fault) => fault switch
    {
        LtxFault.BadMagic or LtxFault.UnknownFlags or LtxFault.BadPageFlags =>
            "This is no LTX file of version 3, or its start is damaged.",
        LtxFault.Truncated or LtxFault.TrailingBytes =>
            "The object was stored or read only in part; compare its size with the store's listing.",
        LtxFault.TooLarge => "Merge fewer files at once, or a smaller database.",
        LtxFault.PageSizeMismatch => "A replica has one page size for its whole life; it may mix two databases.",
        LtxFault.NotContiguous => "A file of the replica is missing; a newer snapshot ends the gap.",
        LtxFault.MissingLibrary => "Install the Debian package liblz4-1 (it provides liblz4.so.1).",
        LtxFault.BadCommit or LtxFault.BadTxidRange or LtxFault.BadPageSize or LtxFault.BadWalPosition
            or LtxFault.BadPageNumber or LtxFault.IncompleteSnapshot or LtxFault.MissingPage =>
            "The file is damaged, or its writer did not follow the format.",
        _ => "The file is damaged; restore from a snapshot or a merged file that covers the same transactions.",
    };
}
