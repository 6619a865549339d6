using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Platform.TenantShard.Database;

/// <summary>
/// An SQL function of a connection that counts its calls and has no result (NULL): as the first term of an ORDER BY,
/// which then no index can have, it counts the rows of the whole result while LIMIT lets only a few of them out.
/// </summary>
internal sealed unsafe class PassedRows
{
    /// <summary>The call, for SQL text.</summary>
    public const string Sql = "platform_passed_row()";

    /// <summary>SQLITE_UTF8, and SQLITE_DIRECTONLY: no view or trigger may call it.</summary>
    private const int Flags = 0x1 | 0x80000;

    // Called for every row: directly, not through the delegates of the ADO layer, which allocate for each call.
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, nint> UserData =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, nint>)SqliteEngine.Export("sqlite3_user_data");

    /// <summary>Freed by SQLite through <see cref="Free"/> when the connection is closed.</summary>
    private readonly long* _count;

    private PassedRows(long* count) => _count = count;

    /// <summary>Calls since it was last set.</summary>
    public long Count
    {
        get => *_count;
        set => *_count = value;
    }

    public static PassedRows Register(sqlite3 handle)
    {
        var create = (delegate* unmanaged[Cdecl]<
            nint, byte*, int, int, nint,
            delegate* unmanaged[Cdecl]<nint, int, nint*, void>, nint, nint,
            delegate* unmanaged[Cdecl]<nint, void>, int>)SqliteEngine.Export("sqlite3_create_function_v2");
        var count = (long*)NativeMemory.AllocZeroed(sizeof(long));
        fixed (byte* name = "platform_passed_row"u8)
        {
            // On failure SQLite frees the count itself.
            var code = create(handle.DangerousGetHandle(), name, 0, Flags, (nint)count, &Add, 0, 0, &Free);
            if (code != raw.SQLITE_OK) throw new DatabaseException(code, "The row counter could not be registered.");
        }

        return new PassedRows(count);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Add(nint context, int argumentCount, nint* arguments) => ++*(long*)UserData(context);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(nint count) => NativeMemory.Free((void*)count);
}
