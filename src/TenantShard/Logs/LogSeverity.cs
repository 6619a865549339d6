namespace Platform.TenantShard.Logs;

/// <summary>The numbers by which logs tell how bad something is, as stored databases have them.</summary>
internal static class LogSeverity
{
    public const int Information = 0;
    public const int Warning = 4;
    public const int Error = 8;
}
