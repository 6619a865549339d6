using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using SQLitePCL;

namespace Platform.TenantShard.Database;

/// <summary>
/// LIKE and GLOB with a bound on the work of one comparison, which grows with the product of text and pattern. SQLite's own
/// comparison does it (https://sqlite.org/c3ref/strlike.html); see <see cref="BoundedFunctions"/> for why.
/// </summary>
internal static unsafe class BoundedPatterns
{
    /// <summary>
    /// Bytes of text times bytes of pattern: at worst as long as a statement may run, which few patterns come near.
    /// </summary>
    private const long WorkMax = 1L << 32;

    /// <summary>The same for comparisons that are over before the garbage collector would miss the thread.</summary>
    private const long ShortWorkMax = 1L << 14;

    /// <summary>SQLite's own bound on a pattern (SQLITE_MAX_LIKE_PATTERN_LENGTH).</summary>
    private const int PatternBytesMax = 50_000;

    private static readonly delegate* unmanaged[Cdecl]<byte*, byte*, uint, int> StrLike =
        (delegate* unmanaged[Cdecl]<byte*, byte*, uint, int>)SqliteEngine.Export("sqlite3_strlike");

    /// <summary>The same function: most rows have short texts, of which the way there and back would cost more.</summary>
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, uint, int> StrLikeShort =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<byte*, byte*, uint, int>)SqliteEngine.Export("sqlite3_strlike");

    private static readonly delegate* unmanaged[Cdecl]<byte*, byte*, int> StrGlob =
        (delegate* unmanaged[Cdecl]<byte*, byte*, int>)SqliteEngine.Export("sqlite3_strglob");

    public static void Register(sqlite3 connection)
    {
        FunctionCalls.Register(connection, "like"u8, 2, 0, &Like, null);
        FunctionCalls.Register(connection, "like"u8, 3, 0, &LikeWithEscape, null);
        FunctionCalls.Register(connection, "glob"u8, 2, 0, &Glob, null);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Like(nint context, int count, nint* arguments) => Compare(context, arguments, escape: 0);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void LikeWithEscape(nint context, int count, nint* arguments)
    {
        if (FunctionCalls.Type(arguments[2]) == ColumnType.Null) return;
        var escape = FunctionCalls.Text(arguments[2]);
        if (escape.Length == 1) Compare(context, arguments, escape[0]);
        else if (Rune.DecodeFromUtf8(escape, out var rune, out var used) == OperationStatus.Done
            && used == escape.Length) Compare(context, arguments, (uint)rune.Value);
        else FunctionCalls.Fail(context, "ESCAPE expression must be a single character");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Glob(nint context, int count, nint* arguments)
    {
        if (TryTake(context, arguments, out var pattern, out var text, out _))
            FunctionCalls.Answer(context, StrGlob(pattern, text) == 0);
    }

    private static void Compare(nint context, nint* arguments, uint escape)
    {
        if (!TryTake(context, arguments, out var pattern, out var text, out var work)) return;
        var difference = work <= ShortWorkMax ? StrLikeShort(pattern, text, escape) : StrLike(pattern, text, escape);
        FunctionCalls.Answer(context, difference == 0);
    }

    /// <summary>False when the answer is given: NULL, or a refusal.</summary>
    private static bool TryTake(nint context, nint* arguments, out byte* pattern, out byte* text, out long work)
    {
        pattern = FunctionCalls.Text(arguments[0], out var patternBytes);
        text = FunctionCalls.Text(arguments[1], out var textBytes);
        work = (long)patternBytes * textBytes;
        // A function that answers nothing answers NULL.
        if (pattern is null || text is null) return false;
        if (patternBytes <= PatternBytesMax && work <= WorkMax) return true;
        FunctionCalls.Refuse(context, patternBytes > PatternBytesMax
            ? "LIKE or GLOB pattern too complex"
            : "LIKE or GLOB pattern too complex for a text of this length");
        return false;
    }
}
