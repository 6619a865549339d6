using System.Runtime.InteropServices;
using SQLitePCL;

namespace Platform.TenantShard.Database;

/// <summary>
/// The SQLite library of this process. Prefers the system's <c>libsqlite3.so.0</c>, which is newer than the bundled
/// engine and gets security updates from the distribution; falls back to the bundle.
/// </summary>
public static class SqliteEngine
{
    private const string SystemLibrary = "libsqlite3.so.0";

    private static readonly Lazy<string> LoadedVersion = new(Load, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>Loads the engine once for the process and returns its version. Idempotent and thread safe.</summary>
    public static string EnsureLoaded() => LoadedVersion.Value;

    /// <summary>
    /// The most memory that SQLite takes in this process, in bytes: a statement that wants more fails with SQLITE_NOMEM
    /// (https://sqlite.org/c3ref/hard_heap_limit64.html). Sorts are in memory, so without it one query could take all.
    /// </summary>
    public static void LimitMemory(long bytesMax)
    {
        EnsureLoaded();
        raw.sqlite3_hard_heap_limit64(bytesMax);
    }

    /// <summary>The address of a function of the engine, for calls that the package has not or makes slow.</summary>
    internal static nint Export(string name)
    {
        EnsureLoaded();
        var library = NativeLibrary.TryLoad(SystemLibrary, out var handle)
            ? handle
            : NativeLibrary.Load("e_sqlite3", typeof(SQLite3Provider_e_sqlite3).Assembly, searchPath: null);
        return NativeLibrary.GetExport(library, name);
    }

    private static string Load()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, static (name, _, _) =>
            name == "e_sqlite3" && NativeLibrary.TryLoad(SystemLibrary, out var handle) ? handle : IntPtr.Zero);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        return raw.sqlite3_libversion().utf8_to_string();
    }
}
