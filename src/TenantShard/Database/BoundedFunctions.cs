using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Platform.TenantShard.Database;

/// <summary>
/// SQLite's own functions whose work grows with the product of their arguments, or with a number in them, behind a bound.
/// SQLite looks for an interrupt between the steps of a statement, never within a function: one call could hold a slot of the
/// node, and a processor, for days. Calls within the bound are answered by SQLite's function, on a connection beside.
/// </summary>
internal sealed unsafe class BoundedFunctions
{
    /// <summary>Product of two lengths in bytes, for functions that compare memory: under a second.</summary>
    private const long MemoryWorkMax = 1L << 34;

    /// <summary>The same for functions that go byte by byte.</summary>
    private const long ByteWorkMax = 1L << 30;

    /// <summary>Characters that the widths and precisions of a format may add up to.</summary>
    private const long FormatWorkMax = 1L << 24;

    private readonly Dictionary<(string Name, int Arguments), sqlite3_stmt> _statements = [];
    private sqlite3? _beside;

    private BoundedFunctions()
    {
    }

    /// <summary>Puts them in the place of SQLite's on a connection, until it is closed.</summary>
    public static void Register(sqlite3 connection)
    {
        var state = GCHandle.ToIntPtr(GCHandle.Alloc(new BoundedFunctions()));
        // The first one frees what all share.
        FunctionCalls.Register(connection, "instr"u8, 2, state, &Instr, &Free);
        FunctionCalls.Register(connection, "replace"u8, 3, state, &Replace, null);
        FunctionCalls.Register(connection, "trim"u8, 2, state, &Trim, null);
        FunctionCalls.Register(connection, "ltrim"u8, 2, state, &TrimLeft, null);
        FunctionCalls.Register(connection, "rtrim"u8, 2, state, &TrimRight, null);
        FunctionCalls.Register(connection, "json_patch"u8, 2, state, &JsonPatch, null);
        FunctionCalls.Register(connection, "printf"u8, -1, state, &Printf, null);
        if (raw.sqlite3_libversion_number() >= 3_038_000)
            FunctionCalls.Register(connection, "format"u8, -1, state, &Format, null);
        if (raw.sqlite3_libversion_number() >= 3_041_000)
            FunctionCalls.Register(connection, "unhex"u8, 2, state, &Unhex, null);
        BoundedPatterns.Register(connection);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Instr(nint context, int count, nint* arguments) =>
        Call(context, "instr", new(arguments, count), MemoryWorkMax);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Replace(nint context, int count, nint* arguments) =>
        Call(context, "replace", new(arguments, count), MemoryWorkMax);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Trim(nint context, int count, nint* arguments) =>
        Call(context, "trim", new(arguments, count), ByteWorkMax);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void TrimLeft(nint context, int count, nint* arguments) =>
        Call(context, "ltrim", new(arguments, count), ByteWorkMax);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void TrimRight(nint context, int count, nint* arguments) =>
        Call(context, "rtrim", new(arguments, count), ByteWorkMax);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void JsonPatch(nint context, int count, nint* arguments) =>
        Call(context, "json_patch", new(arguments, count), MemoryWorkMax);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Unhex(nint context, int count, nint* arguments) =>
        Call(context, "unhex", new(arguments, count), ByteWorkMax);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Printf(nint context, int count, nint* arguments) =>
        CallFormat(context, "printf", new(arguments, count));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Format(nint context, int count, nint* arguments) =>
        CallFormat(context, "format", new(arguments, count));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(nint state)
    {
        var handle = GCHandle.FromIntPtr(state);
        ((BoundedFunctions)handle.Target!).Close();
        handle.Free();
    }

    private static void Call(nint context, string name, ReadOnlySpan<nint> arguments, long workMax)
    {
        // Of both factors: neither is larger than a value may be, so the product does not overflow.
        if (FunctionCalls.Bytes(arguments[0]) * FunctionCalls.Bytes(arguments[1]) > workMax)
            FunctionCalls.Refuse(context, $"{name}() of values as long as these would take too long");
        else Pass(context, name, arguments);
    }

    private static void CallFormat(nint context, string name, ReadOnlySpan<nint> arguments)
    {
        if (arguments.Length > 0 && FormatWork.Of(arguments) > FormatWorkMax)
            FunctionCalls.Refuse(context, $"{name}() with a width or precision as large as this would take too long");
        else Pass(context, name, arguments);
    }

    private static void Pass(nint context, string name, ReadOnlySpan<nint> arguments)
    {
        try
        {
            var self = (BoundedFunctions)GCHandle.FromIntPtr(FunctionCalls.StateOf(context)).Target!;
            FunctionCalls.AnswerOf(context, self.StatementFor(name, arguments.Length), arguments);
        }
        catch (DatabaseException refusal)
        {
            // No exception may pass through SQLite.
            FunctionCalls.Fail(context, refusal.Reason);
        }
    }

    private sqlite3_stmt StatementFor(string name, int arguments)
    {
        if (_statements.TryGetValue((name, arguments), out var known)) return known;
        var code = raw.SQLITE_OK;
        if (_beside is null)
        {
            code = raw.sqlite3_open_v2(":memory:", out _beside, raw.SQLITE_OPEN_NOMUTEX | raw.SQLITE_OPEN_READWRITE, null);
            if (code != raw.SQLITE_OK) throw new DatabaseException(code, "out of memory");
        }

        var parameters = string.Join(',', Enumerable.Repeat('?', arguments));
        code = raw.sqlite3_prepare_v2(_beside, $"SELECT {name}({parameters})", out var statement);
        if (code != raw.SQLITE_OK) throw new DatabaseException(code, raw.sqlite3_errmsg(_beside).utf8_to_string());
        _statements.Add((name, arguments), statement);
        return statement;
    }

    private void Close()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        _beside?.Dispose();
    }
}
