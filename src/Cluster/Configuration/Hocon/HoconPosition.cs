namespace Platform.Cluster.Configuration.Hocon;

/// <summary>
/// Where a value was written: a file with line and column (from 1), or another source such as <c>--set</c>.
/// </summary>
internal readonly record struct HoconPosition(string Source, int Line = 0, int Column = 0)
{
    public override string ToString() => Line == 0 ? Source : $"{Source}:{Line}";
}
