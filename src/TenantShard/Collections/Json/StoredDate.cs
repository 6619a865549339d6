using System.Globalization;

namespace Platform.TenantShard.Collections.Json;

/// <summary>The stored form of a moment: UTC, milliseconds, a space between date and time.</summary>
internal static class StoredDate
{
    public static string Format(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string Now(TimeProvider clock) => Format(clock.GetUtcNow());
}
