namespace Platform.Differential.Tests.Filters;

/// <summary>A generated filter, as a tree that can be made smaller.</summary>
internal abstract record FilterNode
{
    /// <summary>What PocketBase is asked.</summary>
    public abstract string Text { get; }

    /// <summary>What the platform is asked: the same, where 0.22 and the current line mean the same by it.</summary>
    public abstract string PlatformText { get; }

    /// <summary>Filters that are a little smaller, the smallest first.</summary>
    public abstract IEnumerable<FilterNode> Smaller();
}
