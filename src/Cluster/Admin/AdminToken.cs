using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Platform.Cluster.Modes;

namespace Platform.Cluster.Admin;

/// <summary>The cluster admin's token. Only its hash is kept, and it is compared in constant time.</summary>
internal sealed class AdminToken
{
    private const string Scheme = "Bearer ";
    private const int RandomBytes = 32;

    private readonly byte[] _hash;

    private AdminToken(string token, string? file)
    {
        _hash = Hash(token);
        File = file;
    }

    /// <summary>Where an operator reads it; null when the configuration holds it.</summary>
    public string? File { get; }

    /// <summary>Takes the configured token, or the one in <paramref name="file"/>, which is made once.</summary>
    /// <exception cref="StartException">The file cannot be read or written, or holds no token.</exception>
    public static AdminToken Open(string? configured, string file)
    {
        if (configured is not null) return new AdminToken(configured, null);
        try
        {
            if (!System.IO.File.Exists(file)) Create(file);
            var token = System.IO.File.ReadAllText(file).Trim();
            if (token.Length < 16)
                throw new StartException($"the admin token file '{file}' holds no token; delete it to get a new one.");
            return new AdminToken(token, file);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"the admin token file '{file}' cannot be used: {cause.Message}", cause);
        }
    }

    /// <summary>True for <c>Bearer TOKEN</c> with the right token, however long the wrong one is.</summary>
    public bool Accepts(string? authorization) =>
        authorization is not null
        && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Hash(authorization[Scheme.Length..].Trim()), _hash);

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Written beside and renamed, so that a crash leaves no half token.</summary>
    private static void Create(string file)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
        var draft = file + ".new";
        System.IO.File.Delete(draft);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(draft, options))
        {
            stream.Write(Encoding.ASCII.GetBytes(token + "\n"));
            stream.Flush(flushToDisk: true);
        }

        System.IO.File.Move(draft, file, overwrite: false);
    }
}
