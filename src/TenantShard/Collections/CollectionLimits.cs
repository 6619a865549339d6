namespace Platform.TenantShard.Collections;

/// <summary>Bounds of a schema; they keep activation, plans and DDL cheap.</summary>
internal static class CollectionLimits
{
    /// <summary>Collections of a tenant.</summary>
    public const int Collections = 1000;

    /// <summary>Fields of a collection: SQLite allows 2000 columns and as many terms in a statement.</summary>
    public const int Fields = 500;

    /// <summary>Indexes of a collection: each makes every write dearer. SQLite joins at most 64 tables.</summary>
    public const int Indexes = 64;

    /// <summary>Characters of an index statement.</summary>
    public const int IndexLength = 4096;

    /// <summary>Characters of a pattern of a field.</summary>
    public const int PatternLength = 1000;

    /// <summary>Values of a select field.</summary>
    public const int SelectValues = 1000;

    /// <summary>Characters of a view's query.</summary>
    public const int ViewQueryLength = 64 * 1024;
}
