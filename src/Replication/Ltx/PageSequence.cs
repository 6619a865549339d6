namespace Platform.Replication.Ltx;

/// <summary>
/// The order that pages must have in a file, for writers and readers alike: ascending, none above the commit, never
/// the lock page; and in a snapshot no page left out.
/// </summary>
internal struct PageSequence(in LtxHeader header)
{
    private readonly uint _commit = header.Commit;
    private readonly uint _lockPage = header.LockPage;
    private readonly bool _isSnapshot = header.IsSnapshot;
    private uint _last;

    public void Accept(uint page)
    {
        Check(page);
        _last = page;
    }

    /// <summary>Refuses a page that may not come next, before the work of decoding it.</summary>
    public readonly void Check(uint page)
    {
        if (page <= _last || page > _commit || page == _lockPage)
        {
            ThrowBadPageNumber(page);
        }

        if (_isSnapshot && page != Following)
        {
            ThrowIncomplete();
        }
    }

    /// <summary>No page follows.</summary>
    public readonly void Complete()
    {
        if (_isSnapshot && Following <= _commit)
        {
            ThrowIncomplete();
        }
    }

    private readonly ulong Following => _last + (_last + 1UL == _lockPage ? 2UL : 1UL);

    private readonly void ThrowBadPageNumber(uint page) => throw new LtxException(
        LtxFault.BadPageNumber,
        page == _lockPage ? $"page {page} is the lock page." : $"page {page} cannot follow page {_last} of {_commit}.");

    private readonly void ThrowIncomplete() => throw new LtxException(
        LtxFault.IncompleteSnapshot, $"a snapshot of {_commit} pages lacks page {Following}.");
}
