using Microsoft.Net.Http.Headers;

namespace Platform.TenantShard.Files.Serving;

/// <summary>The part of a file that a request asks for (RFC 9110, 14.1.2).</summary>
internal readonly record struct ByteRange(long Offset, long Length)
{
    /// <summary>
    /// Reads a Range header. Several ranges, and what is no range of bytes, are answered with the whole file, as the
    /// RFC allows.
    /// </summary>
    /// <returns>False when the range lies behind the end.</returns>
    public static bool TryRead(string? header, long size, out ByteRange? range)
    {
        range = null;
        if (string.IsNullOrEmpty(header) || !RangeHeaderValue.TryParse(header, out var value)
            || !value.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase) || value.Ranges.Count != 1) return true;
        var wanted = value.Ranges.First();
        if (wanted.From is { } from)
        {
            if (from >= size) return false;
            range = new ByteRange(from, Math.Min(wanted.To ?? long.MaxValue, size - 1) - from + 1);
            return true;
        }

        var last = Math.Min(wanted.To ?? 0, size);
        if (last == 0) return false;
        range = new ByteRange(size - last, last);
        return true;
    }
}
