using System.Text;
using SQLitePCL;

namespace Platform.TenantShard.Database;

/// <summary>
/// What an SQL function of our own asks of SQLite (https://sqlite.org/c3ref/funclist.html), called for every row: directly,
/// not through the delegates of the ADO layer, which allocate for each call.
/// </summary>
internal static unsafe class FunctionCalls
{
    /// <summary>SQLITE_UTF8, SQLITE_DETERMINISTIC, SQLITE_INNOCUOUS: what SQLite's own functions of texts are.</summary>
    private const int Pure = 0x1 | 0x800 | 0x200000;

    private static readonly delegate* unmanaged[Cdecl]<
        nint, byte*, int, int, nint, delegate* unmanaged[Cdecl]<nint, int, nint*, void>, nint, nint,
        delegate* unmanaged[Cdecl]<nint, void>, int> Create =
        (delegate* unmanaged[Cdecl]<
            nint, byte*, int, int, nint, delegate* unmanaged[Cdecl]<nint, int, nint*, void>, nint, nint,
            delegate* unmanaged[Cdecl]<nint, void>, int>)SqliteEngine.Export("sqlite3_create_function_v2");

    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, nint> UserDataOf =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, nint>)SqliteEngine.Export("sqlite3_user_data");

    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int> TypeOf =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int>)SqliteEngine.Export("sqlite3_value_type");

    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, long> NumberOf =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, long>)SqliteEngine.Export("sqlite3_value_int64");

    // Of a text these two only read; a number becomes a text of some bytes.
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, byte*> TextOf =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, byte*>)SqliteEngine.Export("sqlite3_value_text");

    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int> BytesOf =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int>)SqliteEngine.Export("sqlite3_value_bytes");

    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, void> ResultInt =
        (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, void>)SqliteEngine.Export("sqlite3_result_int");

    private static readonly delegate* unmanaged[Cdecl]<nint, nint, void> ResultValue =
        (delegate* unmanaged[Cdecl]<nint, nint, void>)SqliteEngine.Export("sqlite3_result_value");

    private static readonly delegate* unmanaged[Cdecl]<nint, byte*, int, void> ResultError =
        (delegate* unmanaged[Cdecl]<nint, byte*, int, void>)SqliteEngine.Export("sqlite3_result_error");

    // Keeps the words of an error that was said before.
    private static readonly delegate* unmanaged[Cdecl]<nint, int, void> ResultCode =
        (delegate* unmanaged[Cdecl]<nint, int, void>)SqliteEngine.Export("sqlite3_result_error_code");

    private static readonly delegate* unmanaged[Cdecl]<nint, int, nint, int> BindValue =
        (delegate* unmanaged[Cdecl]<nint, int, nint, int>)SqliteEngine.Export("sqlite3_bind_value");

    private static readonly delegate* unmanaged[Cdecl]<nint, int, nint> ColumnValue =
        (delegate* unmanaged[Cdecl]<nint, int, nint>)SqliteEngine.Export("sqlite3_column_value");

    /// <summary>Puts a function in the place of SQLite's of the same name and number of arguments (-1: any).</summary>
    /// <param name="connection">Where.</param>
    /// <param name="name">The function.</param>
    /// <param name="arguments">How many arguments it takes.</param>
    /// <param name="state">For <see cref="StateOf"/>.</param>
    /// <param name="call">What is called.</param>
    /// <param name="free">Called with the state when the connection is closed, or when this fails; 0 = nothing.</param>
    public static void Register(
        sqlite3 connection, ReadOnlySpan<byte> name, int arguments, nint state,
        delegate* unmanaged[Cdecl]<nint, int, nint*, void> call, delegate* unmanaged[Cdecl]<nint, void> free)
    {
        fixed (byte* text = name)
        {
            var code = Create(connection.DangerousGetHandle(), text, arguments, Pure, state, call, 0, 0, free);
            if (code != raw.SQLITE_OK) throw new DatabaseException(code, "A function could not be registered.");
        }
    }

    public static nint StateOf(nint context) => UserDataOf(context);

    public static ColumnType Type(nint value) => (ColumnType)TypeOf(value);

    public static long Int64(nint value) => NumberOf(value);

    /// <summary>The value as UTF-8, ended by a zero byte; valid until the function ends. Null for NULL.</summary>
    public static byte* Text(nint value, out int bytes)
    {
        var text = TextOf(value);
        bytes = text is null ? 0 : BytesOf(value);
        return text;
    }

    /// <summary>The value as UTF-8; valid until the function ends. NULL is empty.</summary>
    public static ReadOnlySpan<byte> Text(nint value)
    {
        var text = Text(value, out var bytes);
        return new ReadOnlySpan<byte>(text, bytes);
    }

    /// <summary>Bytes of a text or blob; what a number has as a text, at most.</summary>
    public static long Bytes(nint value) =>
        Type(value) is ColumnType.Text or ColumnType.Blob ? BytesOf(value) : 32;

    public static void Answer(nint context, bool isTrue) => ResultInt(context, isTrue ? 1 : 0);

    public static void Fail(nint context, string reason)
    {
        var utf8 = Encoding.UTF8.GetBytes(reason);
        fixed (byte* text = utf8) ResultError(context, text, utf8.Length);
    }

    /// <summary>Fails as a value that is too large does (SQLITE_TOOBIG), for which whoever asked is told so.</summary>
    public static void Refuse(nint context, string reason)
    {
        Fail(context, reason);
        ResultCode(context, raw.SQLITE_TOOBIG);
    }

    /// <summary>Answers with the one column of a statement's row, with the arguments as its parameters.</summary>
    public static void AnswerOf(nint context, sqlite3_stmt statement, ReadOnlySpan<nint> arguments)
    {
        var handle = statement.DangerousGetHandle();
        try
        {
            for (var index = 0; index < arguments.Length; index++) _ = BindValue(handle, index + 1, arguments[index]);
            if (raw.sqlite3_step(statement) == raw.SQLITE_ROW) ResultValue(context, ColumnValue(handle, 0));
            else Fail(context, raw.sqlite3_errmsg(raw.sqlite3_db_handle(statement)).utf8_to_string());
        }
        finally
        {
            raw.sqlite3_reset(statement);
            raw.sqlite3_clear_bindings(statement);
        }
    }
}
