namespace Platform.TenantShard.Database;

/// <summary>SQLite refused or failed. Matched by <see cref="Code"/>, never by its text.</summary>
internal sealed class DatabaseException(int code, string message)
    : Exception($"SQLite {code}: {message}")
{
    /// <summary>The extended result code (https://sqlite.org/rescode.html).</summary>
    public int Code { get; } = code;

    /// <summary>SQLite's own words. May hold names of a tenant's tables and columns; never sent to a client as is.</summary>
    public string Reason { get; } = message;

    /// <summary>The primary result code: the low byte.</summary>
    public int PrimaryCode => Code & 0xFF;

    /// <summary>SQLITE_CONSTRAINT_UNIQUE or SQLITE_CONSTRAINT_PRIMARYKEY.</summary>
    public bool IsUniqueViolation => Code is 2067 or 1555;

    /// <summary>SQLITE_INTERRUPT: the statement ran past its deadline, or its request went away.</summary>
    public bool IsInterrupted => PrimaryCode == 9;

    /// <summary>
    /// SQLITE_FULL: no room on the disk, or within the tenant's storage limit. The transaction is undone and the
    /// database is intact.
    /// </summary>
    public bool IsFull => PrimaryCode == 13;

    /// <summary>SQLITE_NOMEM: the statements that run have taken all the memory that SQLite may have.</summary>
    public bool IsOutOfMemory => PrimaryCode == 7;

    /// <summary>SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_IOERR or SQLITE_FULL: a fault of the disk, not of the SQL.</summary>
    public bool IsLocalFault => PrimaryCode is 11 or 26 or 10 or 13;
}
