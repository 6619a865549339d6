using System.Runtime.InteropServices;

namespace Platform.Replication.ObjectStore.Folder;

/// <summary>Linux error numbers (errno, generic ABI) and what each one tells an operator.</summary>
internal static class FolderFault
{
    public const int NotPermitted = 1;
    public const int NotFound = 2;
    public const int Interrupted = 4;
    public const int InputOutput = 5;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int CrossDevice = 18;
    public const int NotAFolder = 20;
    public const int IsAFolder = 21;
    public const int TooManyOpenSystem = 23;
    public const int TooManyOpen = 24;
    public const int FileTooLarge = 27;
    public const int NoSpace = 28;
    public const int ReadOnlyFileSystem = 30;
    public const int NotSupported = 95;
    public const int TimedOut = 110;
    public const int Stale = 116;
    public const int Quota = 122;

    public static int LastErrno => Marshal.GetLastPInvokeError();

    public static ObjectStoreException Last(string operation, string key) => From(operation, key, LastErrno);

    public static ObjectStoreException From(string operation, string key, int errno)
    {
        var (isTransient, hint) = Explain(errno);
        var cause = new IOException(Marshal.GetPInvokeErrorMessage(errno), errno);
        return new ObjectStoreException(operation, key, isTransient, hint, cause);
    }

    /// <summary>
    /// For errors of .NET's own file API, which carries the errno in <see cref="Exception.HResult"/>.
    /// </summary>
    public static ObjectStoreException From(string operation, string key, Exception cause)
    {
        var errno = cause is UnauthorizedAccessException ? AccessDenied : cause.HResult;
        var (isTransient, hint) = Explain(errno);
        return new ObjectStoreException(operation, key, isTransient, hint, cause);
    }

    private static (bool IsTransient, string Hint) Explain(int errno) => errno switch
    {
        NoSpace => (true, "The disk is full."),
        Quota => (true, "The disk quota of the platform's user is used up."),
        AccessDenied or NotPermitted => (false, "The folder is not writable or not readable for this user."),
        ReadOnlyFileSystem => (false, "The file system is mounted read-only."),
        NotAFolder => (false, "A file is where a folder should be."),
        IsAFolder => (false, "A folder is where the object should be."),
        NotFound => (true, "The folder was removed or its disk was unmounted."),
        TooManyOpen or TooManyOpenSystem => (true, "Too many files are open: raise the limit (ulimit -n)."),
        CrossDevice => (false, "A part of the store is mounted from another file system; it must be on one."),
        FileTooLarge => (false, "The file is larger than the file system or the user's limit allows."),
        NotSupported => (false, "The file system has no hard links or no locks; use one such as ext4 or XFS."),
        InputOutput => (true, "The disk reported an input/output error: check its health."),
        TimedOut or Stale => (true, "The network file system does not answer."),
        _ => (true, "The file system refused: " + Marshal.GetPInvokeErrorMessage(errno) + "."),
    };
}
