namespace Platform.Replication.Ltx;

/// <summary>Everything that can be wrong with an LTX file, or with an attempt to write or merge some.</summary>
public enum LtxFault
{
    /// <summary>The file does not start with <c>LTX1</c>.</summary>
    BadMagic,

    /// <summary>A header flag that version 3 does not define.</summary>
    UnknownFlags,

    /// <summary>The page size is no power of two between 512 and 65536.</summary>
    BadPageSize,

    /// <summary>A database of 0 pages in a file that tracks no database checksum.</summary>
    BadCommit,

    /// <summary>A transaction id of 0, or a range that runs backwards.</summary>
    BadTxidRange,

    /// <summary>A negative WAL position, or a WAL size or salt without a WAL offset.</summary>
    BadWalPosition,

    /// <summary>A database checksum where none may be, none where one must be, or a wrong one.</summary>
    BadDatabaseChecksum,

    /// <summary>The file ends too early.</summary>
    Truncated,

    /// <summary>The file goes on after its trailer.</summary>
    TrailingBytes,

    /// <summary>A page number that is out of order, above the commit, or that of the lock page.</summary>
    BadPageNumber,

    /// <summary>A page flag that version 3 does not define.</summary>
    BadPageFlags,

    /// <summary>A snapshot (MinTXID 1) that does not hold every page of the database.</summary>
    IncompleteSnapshot,

    /// <summary>A page that does not decompress to exactly one page.</summary>
    BadCompression,

    /// <summary>The page index does not describe the pages of the file.</summary>
    BadIndex,

    /// <summary>The file checksum does not fit the content.</summary>
    ChecksumMismatch,

    /// <summary>The file would not fit in one buffer (2 GiB).</summary>
    TooLarge,

    /// <summary>Files to be merged have different page sizes.</summary>
    PageSizeMismatch,

    /// <summary>A page that came into being when the database grew is in none of the files.</summary>
    MissingPage,

    /// <summary>Files to be merged, or to be restored from, leave out transactions or go back.</summary>
    NotContiguous,

    /// <summary>The LZ4 library of the operating system cannot be loaded.</summary>
    MissingLibrary,
}
