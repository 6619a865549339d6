using System.Collections.Frozen;
using System.Net.Security;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Configuration.Options;
using Platform.Cluster.Modes;
using Platform.Cluster.Scheduling;

namespace Platform.Cluster.Tls;

/// <summary>
/// The certificates of the public listener: one for all, and one for each custom domain that has its own. Files are
/// looked at again and again, so that a renewed certificate is used without a restart; one that cannot be read leaves
/// the one before it in use.
/// </summary>
internal sealed partial class CertificateStore
{
    /// <summary>Custom domains with a certificate of their own; each costs some ten kilobytes.</summary>
    private const int HostsMax = 100_000;

    private const string CertificateExtension = ".crt";
    private const string KeyExtension = ".key";

    private readonly TlsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<CertificateStore> _logger;

    // Replaced whole by the one task that reloads; read by every handshake.
    private volatile HostCertificate _general;
    private volatile FrozenDictionary<string, HostCertificate> _hosts = FrozenDictionary<string, HostCertificate>.Empty;

    private CertificateStore(
        TlsOptions options, HostCertificate general, TimeProvider time, ILogger<CertificateStore> logger)
    {
        (_options, _general, _time, _logger) = (options, general, time, logger);
    }

    /// <summary>When the general certificate is valid no more.</summary>
    public DateTimeOffset Expires => _general.Expires;

    /// <exception cref="StartException">The general certificate cannot be used.</exception>
    public static CertificateStore Open(TlsOptions options, TimeProvider time, ILogger<CertificateStore> logger)
    {
        var files = CertificateFiles.Look(options.CertificateFile, options.KeyFile);
        try
        {
            var store = new CertificateStore(options, HostCertificate.Load(files), time, logger);
            store.Reload();
            return store;
        }
        catch (Exception cause) when (IsUnusable(cause))
        {
            throw new StartException(
                $"the certificate '{options.CertificateFile}' with the key '{options.KeyFile}' cannot be used: "
                + $"{cause.Message} (platform.http.tls.certificate-file, platform.http.tls.key-file)", cause);
        }
    }

    /// <summary>
    /// The certificate for a host: its own, that of <c>*.</c> and the rest of it, else the general one.
    /// </summary>
    public SslStreamCertificateContext Find(string? host)
    {
        var hosts = _hosts;
        if (hosts.Count == 0 || string.IsNullOrEmpty(host)) return _general.Context;
        var name = host.ToLowerInvariant();
        if (hosts.TryGetValue(name, out var own)) return own.Context;
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && hosts.TryGetValue("*" + name[dot..], out var wildcard) ? wildcard.Context : _general.Context;
    }

    /// <summary>Looks for changes until <paramref name="stop"/>.</summary>
    public Task RunAsync(CancellationToken stop) => PeriodicLoop.RunAsync(_time, _options.ReloadInterval, Reload, stop);

    /// <summary>Takes what has changed since the last look.</summary>
    public void Reload()
    {
        _general = Renew(_general, _options.CertificateFile, _options.KeyFile) ?? _general;
        if (_options.Folder.Length == 0) return;
        try
        {
            var before = _hosts;
            var after = new Dictionary<string, HostCertificate>(before.Count, StringComparer.Ordinal);
            foreach (var path in Directory.EnumerateFiles(_options.Folder, "*" + CertificateExtension).Take(HostsMax))
            {
                var host = Path.GetFileNameWithoutExtension(path).ToLowerInvariant();
                var known = before.GetValueOrDefault(host);
                if (Renew(known, path, Path.ChangeExtension(path, KeyExtension)) is { } certificate)
                    after[host] = certificate;
            }

            if (after.Count != before.Count || after.Any(pair => before.GetValueOrDefault(pair.Key) != pair.Value))
                _hosts = after.ToFrozenDictionary(StringComparer.Ordinal);
        }
        catch (Exception cause) when (IsUnusable(cause))
        {
            LogFolderUnreadable(cause, _options.Folder);
        }
    }

    /// <summary>The certificate as it is now; the known one when nothing changed or the new one is of no use.</summary>
    private HostCertificate? Renew(HostCertificate? known, string certificatePath, string keyPath)
    {
        try
        {
            var files = CertificateFiles.Look(certificatePath, keyPath);
            if (known?.Files == files) return known;
            var renewed = HostCertificate.Load(files);
            LogLoaded(certificatePath, renewed.Expires);
            return renewed;
        }
        catch (Exception cause) when (IsUnusable(cause))
        {
            // A renewal writes two files one after the other: at the next look both are there.
            LogUnusable(cause, certificatePath);
            return known;
        }
    }

    /// <summary>A key that is another certificate's is an <see cref="ArgumentException"/>.</summary>
    private static bool IsUnusable(Exception cause) =>
        cause is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException;

    [LoggerMessage(3060, LogLevel.Information, "Certificate {Path} is in use; it expires {Expires:u}")]
    private partial void LogLoaded(string path, DateTimeOffset expires);

    [LoggerMessage(3061, LogLevel.Error, "Certificate {Path} cannot be used; what was in use before stays")]
    private partial void LogUnusable(Exception cause, string path);

    [LoggerMessage(3062, LogLevel.Error, "The folder of certificates {Path} cannot be read; what was in use before stays")]
    private partial void LogFolderUnreadable(Exception cause, string path);
}
