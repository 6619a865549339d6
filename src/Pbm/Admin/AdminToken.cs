using Platform.Pbm.Terminal;

namespace Platform.Pbm.Admin;

/// <summary>
/// The cluster admin's token and the places where it was looked for. The value itself goes into one request header
/// and nowhere else.
/// </summary>
internal sealed class AdminToken
{
    private const string DefaultFile = "platform-data/admin-token";

    // A token is one line; a larger file is a mistake (the wrong path), not a token.
    private const int FileBytesMax = 16 * 1024;

    private readonly List<string> _places = [];

    private AdminToken()
    {
    }

    /// <summary>The token, or null when none was found.</summary>
    public string? Value { get; private set; }

    /// <summary>One line per place: what was found there. Never the token.</summary>
    public IReadOnlyList<string> Places => _places;

    /// <summary>
    /// Looks at the option, <c>PBM_TOKEN</c>, <c>PBM_TOKEN_FILE</c>, and the file of a local platform.
    /// </summary>
    /// <exception cref="PbmException">A file that was named explicitly cannot be read.</exception>
    public static AdminToken Find(string? option, PbmTerminal terminal, Uri server)
    {
        var token = new AdminToken();
        token.Try("--token", option);
        token.Try("PBM_TOKEN", terminal.Environment("PBM_TOKEN"));
        token.TryNamedFile(terminal.Environment("PBM_TOKEN_FILE"), terminal.WorkingDirectory);
        token.TryDefaultFile(terminal.WorkingDirectory, server);
        return token;
    }

    private void Try(string place, string? value)
    {
        value = value?.Trim();
        if (string.IsNullOrEmpty(value)) _places.Add($"{place}: not given");
        else Take(place, value);
    }

    private void TryNamedFile(string? path, string folder)
    {
        if (string.IsNullOrEmpty(path)) _places.Add("PBM_TOKEN_FILE: not given");
        else if (Value is null) Take($"PBM_TOKEN_FILE, the file {path}", Read(Path.Combine(folder, path)));
    }

    private void TryDefaultFile(string folder, Uri server)
    {
        if (Value is not null) return;
        var path = Path.Combine(folder, DefaultFile);
        // The token of a platform on this machine is nothing that another machine's server should be shown.
        if (!server.IsLoopback) _places.Add($"{path}: used for servers on this machine only");
        else if (File.Exists(path)) Take($"the file {path}", Read(path));
        else _places.Add($"{path}: no such file");
    }

    private void Take(string place, string value)
    {
        if (Value is not null) return;
        foreach (var character in value)
        {
            if (character is <= ' ' or > '~')
                throw new PbmException(ExitCode.Unauthorized, $"What {place} holds is no token: it must be one word.");
        }

        Value = value;
        _places.Add($"{place}: used");
    }

    private static string Read(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            if (length > FileBytesMax)
                throw new PbmException(ExitCode.Unauthorized, $"The token file {path} is too large: {length} bytes.");
            var value = File.ReadAllText(path).Trim();
            return value.Length > 0
                ? value
                : throw new PbmException(ExitCode.Unauthorized, $"The token file {path} is empty.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PbmException(ExitCode.Unauthorized, $"The token file {path} cannot be read: {exception.Message}");
        }
    }
}
