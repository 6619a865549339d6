namespace Platform.TenantShard.Filters.Sql;

/// <summary>What is asked of a value of the body.</summary>
internal enum BodyUse
{
    /// <summary>The value itself; objects and arrays as JSON text.</summary>
    Value,

    /// <summary>The value as a number, when it is the text of one (as forms send it).</summary>
    Number,

    /// <summary>Whether it was sent.</summary>
    Presence,

    /// <summary>How many items it has.</summary>
    Length,

    /// <summary>Its items, as a JSON array.</summary>
    Items,
}
