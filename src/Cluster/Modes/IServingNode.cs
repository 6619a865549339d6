namespace Platform.Cluster.Modes;

/// <summary>A started process in whatever mode; closed by disposing it.</summary>
internal interface IServingNode : IAsyncDisposable
{
    /// <summary>The first thing that a stranger reads.</summary>
    string Banner { get; }
}
