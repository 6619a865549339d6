using System.Globalization;

namespace Platform.Cluster.Configuration;

/// <summary>
/// Durations and sizes as HOCON writes them, but a duration always needs its unit: a bare number would be
/// milliseconds to some and seconds to others.
/// </summary>
internal static class ConfigurationUnits
{
    public static bool TryParseDuration(string text, out TimeSpan duration)
    {
        duration = default;
        if (!TrySplit(text, out var number, out var unit)) return false;
        double? ticks = unit switch
        {
            "us" or "micro" or "micros" or "microsecond" or "microseconds" => TimeSpan.TicksPerMicrosecond,
            "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => TimeSpan.TicksPerMillisecond,
            "s" or "second" or "seconds" => TimeSpan.TicksPerSecond,
            "m" or "minute" or "minutes" => TimeSpan.TicksPerMinute,
            "h" or "hour" or "hours" => TimeSpan.TicksPerHour,
            "d" or "day" or "days" => TimeSpan.TicksPerDay,
            _ => null,
        };
        var total = number * ticks;
        if (total is null or > long.MaxValue / 2) return false;
        duration = TimeSpan.FromTicks((long)total.Value);
        return true;
    }

    public static bool TryParseBytes(string text, out long bytes)
    {
        bytes = 0;
        if (!TrySplit(text, out var number, out var unit)) return false;
        double? factor = unit switch
        {
            "" or "B" or "b" or "byte" or "bytes" => 1,
            "k" or "K" or "Ki" or "KiB" or "kibibyte" or "kibibytes" => 1L << 10,
            "m" or "M" or "Mi" or "MiB" or "mebibyte" or "mebibytes" => 1L << 20,
            "g" or "G" or "Gi" or "GiB" or "gibibyte" or "gibibytes" => 1L << 30,
            "t" or "T" or "Ti" or "TiB" or "tebibyte" or "tebibytes" => 1L << 40,
            "kB" or "kilobyte" or "kilobytes" => 1e3,
            "MB" or "megabyte" or "megabytes" => 1e6,
            "GB" or "gigabyte" or "gigabytes" => 1e9,
            "TB" or "terabyte" or "terabytes" => 1e12,
            _ => null,
        };
        var total = number * factor;
        if (total is null or > long.MaxValue / 2) return false;
        bytes = (long)total.Value;
        return true;
    }

    /// <summary>The shortest way to write a duration that configuration can read.</summary>
    public static string Format(TimeSpan duration)
    {
        var (value, unit) = duration switch
        {
            _ when duration.Ticks % TimeSpan.TicksPerDay == 0 => (duration.Ticks / TimeSpan.TicksPerDay, "d"),
            _ when duration.Ticks % TimeSpan.TicksPerHour == 0 => (duration.Ticks / TimeSpan.TicksPerHour, "h"),
            _ when duration.Ticks % TimeSpan.TicksPerMinute == 0 => (duration.Ticks / TimeSpan.TicksPerMinute, "m"),
            _ when duration.Ticks % TimeSpan.TicksPerSecond == 0 => (duration.Ticks / TimeSpan.TicksPerSecond, "s"),
            _ => (duration.Ticks / TimeSpan.TicksPerMillisecond, "ms"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{value}{unit}");
    }

    /// <summary>The shortest exact way to write a size.</summary>
    public static string Format(long bytes)
    {
        string[] units = ["", "KiB", "MiB", "GiB", "TiB"];
        var unit = 0;
        while (bytes != 0 && bytes % 1024 == 0 && unit < units.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes}{units[unit]}");
    }

    private static bool TrySplit(string text, out double number, out string unit)
    {
        var end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.')) end++;
        unit = text[end..].Trim();
        return double.TryParse(
            text.AsSpan(0, end), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }
}
