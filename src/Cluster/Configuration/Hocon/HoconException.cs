namespace Platform.Cluster.Configuration.Hocon;

/// <summary>Text that is not HOCON, or a reference that cannot be resolved. Its message is for the operator.</summary>
internal sealed class HoconException(HoconPosition position, string reason) : Exception(reason)
{
    public HoconPosition Position { get; } = position;
}
