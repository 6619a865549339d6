namespace Platform.TenantShard.Database;

/// <summary>
/// How many characters the widths and precisions of a call of printf() ask for, in the format or, as <c>*</c>, in an argument
/// (https://sqlite.org/printf.html).
/// </summary>
internal static class FormatWork
{
    /// <summary>More than anybody is allowed; the sum of a long format does not overflow.</summary>
    private const long Plenty = 1L << 31;

    public static long Of(ReadOnlySpan<nint> arguments)
    {
        if (FunctionCalls.Type(arguments[0]) == ColumnType.Null) return 0;
        var format = FunctionCalls.Text(arguments[0]);
        var work = 0L;
        var next = 1;
        for (var position = 0; position < format.Length; position++)
        {
            if (format[position] != '%') continue;
            position++;
            while (position < format.Length && "-+ #!,0"u8.Contains(format[position])) position++;
            work += Number(format, ref position, arguments, ref next);
            if (position < format.Length && format[position] == '.')
            {
                position++;
                work += Number(format, ref position, arguments, ref next);
            }

            while (position < format.Length && format[position] == 'l') position++;
            if (position < format.Length && format[position] is not ((byte)'%' or (byte)'n')) next++;
        }

        return work;
    }

    private static long Number(ReadOnlySpan<byte> format, ref int position, ReadOnlySpan<nint> arguments, ref int next)
    {
        var number = 0L;
        if (position < format.Length && format[position] == '*')
        {
            position++;
            if (next < arguments.Length) number = FunctionCalls.Int64(arguments[next]);
            next++;
            return number == long.MinValue ? Plenty : Math.Min(Math.Abs(number), Plenty);
        }

        for (; position < format.Length && char.IsAsciiDigit((char)format[position]); position++)
            number = Math.Min(number * 10 + (format[position] - '0'), Plenty);
        return number;
    }
}
