using System.Text;

namespace Platform.Replication.ObjectStore;

/// <summary>
/// The rules that every key and prefix obeys in every store, so that a replica can be copied from one kind to another.
/// A broken rule is a bug of the caller, hence <see cref="ArgumentException"/>.
/// </summary>
internal static class ObjectKey
{
    /// <summary>Longest key in UTF-8 bytes: with a store's prefix it keeps below S3's limit of 1,024.</summary>
    private const int BytesMax = 768;

    /// <summary>Longest segment in UTF-8 bytes: the limit of a file name on Linux (NAME_MAX).</summary>
    private const int SegmentBytesMax = 255;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    public static void Validate(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ValidateSegments(key, key, nameof(key));
    }

    /// <summary>A prefix may be empty, may end with <c>/</c>, and may cut within a segment.</summary>
    public static void ValidatePrefix(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var text = prefix.EndsWith('/') ? prefix.AsSpan(0, prefix.Length - 1) : prefix;
        if (prefix.Length > 0)
        {
            ValidateSegments(prefix, text, nameof(prefix));
        }
    }

    /// <summary>
    /// The order of listings: by UTF-8 bytes, as S3 sorts. It differs from <see cref="string.CompareOrdinal(string,
    /// string)"/> only for characters outside the basic plane, whose UTF-16 surrogates sort below U+E000..U+FFFF.
    /// </summary>
    public static int Compare(string left, string right)
    {
        var common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
        {
            return left.Length - right.Length;
        }

        return Rank(left[common]) - Rank(right[common]);
    }

    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;

    private static void ValidateSegments(string whole, ReadOnlySpan<char> text, string parameter)
    {
        if (ByteCount(whole, parameter) > BytesMax)
        {
            throw Refused(whole, "is longer than 768 bytes", parameter);
        }

        foreach (var range in text.Split('/'))
        {
            var segment = text[range];
            if (segment.IsEmpty)
            {
                throw Refused(whole, "is absolute or has an empty segment", parameter);
            }

            if (segment is "." or "..")
            {
                throw Refused(whole, "has a segment that is '.' or '..'", parameter);
            }

            if (segment.ContainsAnyInRange('\0', '\u001f') || segment.Contains('\u007f'))
            {
                throw Refused(whole, "has a control character", parameter);
            }

            if (Encoding.UTF8.GetByteCount(segment) > SegmentBytesMax)
            {
                throw Refused(whole, "has a segment longer than 255 bytes", parameter);
            }
        }
    }

    private static int ByteCount(string key, string parameter)
    {
        try
        {
            return StrictUtf8.GetByteCount(key);
        }
        catch (EncoderFallbackException)
        {
            throw Refused(key, "is not valid Unicode", parameter);
        }
    }

    private static ArgumentException Refused(string key, string rule, string parameter) =>
        new($"The object key '{key}' {rule}.", parameter);
}
