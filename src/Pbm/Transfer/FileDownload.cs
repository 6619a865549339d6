using Platform.Pbm.Admin;
using Platform.Pbm.Invocation;

namespace Platform.Pbm.Transfer;

/// <summary>Downloads to a file that is there whole or not at all, and never over one that is there.</summary>
internal static class FileDownload
{
    /// <param name="context">The command.</param>
    /// <param name="source">The path on the server.</param>
    /// <param name="output">The file, relative to the working directory.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The file's full path, and its size.</returns>
    public static async Task<(string Path, long Bytes)> RunAsync(
        CommandContext context, string source, string output, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(output, context.Terminal.WorkingDirectory);
        if (File.Exists(path))
            throw new PbmException(ExitCode.Usage, $"'{path}' exists; name another file with --output.");
        var incoming = path + ".part";
        var stream = Create(incoming);
        try
        {
            long bytes;
            await using (stream)
            {
                await using var progress = new ProgressStream(stream, "Received", context.Terminal, context.IsJson);
                bytes = await context.Client.DownloadAsync(source, progress, cancellationToken);
                progress.Finish();
            }

            File.Move(incoming, path);
            return (path, bytes);
        }
        finally
        {
            File.Delete(incoming);
        }
    }

    private static FileStream Create(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Create, FileAccess.Write);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new PbmException(ExitCode.Usage, $"Cannot write to '{path}': {failure.Message}");
        }
    }
}
