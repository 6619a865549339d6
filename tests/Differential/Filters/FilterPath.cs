namespace Platform.Differential.Tests.Filters;

/// <summary>A path to what a filter can compare.</summary>
/// <param name="Text">As it is written in a filter.</param>
/// <param name="Presence">
/// For a path to several values: one that is empty wherever a value is missing. Until 0.23 a missing value (an empty
/// relation, a collection without records) kept a condition over all values from holding; since 0.24 all values that
/// there are must match, and none is no hindrance. PocketBase 0.22 is therefore compared with "and nothing is missing".
/// </param>
internal sealed record FilterPath(string Text, string? Presence = null)
{
    public static implicit operator FilterPath(string text) => new(text);
}
