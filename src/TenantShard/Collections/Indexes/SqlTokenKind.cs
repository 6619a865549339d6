namespace Platform.TenantShard.Collections.Indexes;

internal enum SqlTokenKind
{
    /// <summary>A keyword or bare name.</summary>
    Word,

    /// <summary>A name in <c>`</c>, <c>"</c> or <c>[]</c>.</summary>
    QuotedName,

    /// <summary>A string in <c>'</c>.</summary>
    String,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Any other single character.</summary>
    Symbol,
}
