namespace Platform.Replication.Ltx;

/// <summary>What <see cref="LtxDecoder"/> did with the bytes at hand.</summary>
internal enum DecodeStep
{
    /// <summary>Nothing: the next part is not whole yet.</summary>
    NeedsMore,

    /// <summary>It used some bytes; ask again.</summary>
    Progress,

    /// <summary>It decoded a page.</summary>
    Page,

    /// <summary>The file is over, and everything in it was right. No byte may follow.</summary>
    End,
}
