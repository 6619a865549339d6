namespace Platform.TenantShard.Filters;

/// <summary>Bounds of one filter, checked while it is read, so that no text can cost more than its share.</summary>
internal sealed record FilterLimits
{
    /// <summary>What PocketBase allows a client: 3,500 characters and 200 conditions.</summary>
    public static FilterLimits Default { get; } = new();

    public int LengthMax { get; init; } = 3500;

    public int ConditionsMax { get; init; } = 200;

    /// <summary>Deepest nesting of parentheses and function calls.</summary>
    public int DepthMax { get; init; } = 32;

    /// <summary>
    /// Most joined tables, over all conditions: a step of a path to several records takes one or two, and once more
    /// where all its values must match.
    /// </summary>
    public int JoinsMax { get; init; } = 400;
}
