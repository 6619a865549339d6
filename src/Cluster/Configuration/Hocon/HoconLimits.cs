namespace Platform.Cluster.Configuration.Hocon;

/// <summary>Bounds of what is read: far above any real configuration, far below what could hurt the process.</summary>
internal static class HoconLimits
{
    /// <summary>Largest file, in bytes.</summary>
    public const int FileBytesMax = 1024 * 1024;

    /// <summary>Deepest nesting of objects and arrays together.</summary>
    public const int DepthMax = 32;

    /// <summary>Deepest chain of includes.</summary>
    public const int IncludeDepthMax = 16;

    /// <summary>Most values in one file, its includes counted.</summary>
    public const int ValueCountMax = 20_000;
}
