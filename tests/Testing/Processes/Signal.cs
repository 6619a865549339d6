using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Platform.Testing.Processes;

/// <summary>POSIX signals, which .NET sends to no one but by SIGKILL.</summary>
internal static partial class Signal
{
    public const int Terminate = 15;
    public const int Kill = 9;

    public static void Send(Process process, int signal)
    {
        if (SendSignal(process.Id, signal) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"kill({process.Id}, {signal})");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);
}
