using Platform.Pbm.Terminal;

namespace Platform.Pbm.Admin;

/// <summary>Which server a command is for.</summary>
internal static class ServerAddress
{
    public const string Default = "http://127.0.0.1:8090";

    /// <summary>The option, else <c>PBM_SERVER</c>, else <see cref="Default"/>.</summary>
    /// <exception cref="PbmException">The address is not one of HTTP.</exception>
    public static Uri Find(string? option, PbmTerminal terminal)
    {
        var (place, text) = option is not null
            ? ("--server", option)
            : ("PBM_SERVER", terminal.Environment("PBM_SERVER"));
        if (string.IsNullOrWhiteSpace(text)) text = Default;
        if (Uri.TryCreate(text, UriKind.Absolute, out var server)
            && (server.Scheme == Uri.UriSchemeHttp || server.Scheme == Uri.UriSchemeHttps)
            && server.UserInfo.Length == 0 && server.Query.Length == 0 && server.Fragment.Length == 0)
            return server.AbsolutePath.EndsWith('/') ? server : new Uri(server.AbsoluteUri + "/");
        throw new PbmException(
            ExitCode.Usage, $"{place} must be an address such as {Default} or https://platform.example.com.");
    }
}
