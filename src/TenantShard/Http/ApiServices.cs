using Microsoft.Extensions.Logging;
using Platform.TenantShard.AdminUi;
using Platform.TenantShard.Auth;
using Platform.TenantShard.Auth.OAuth2;
using Platform.TenantShard.Backups;
using Platform.TenantShard.Files.Forms;
using Platform.TenantShard.Files.Thumbs;
using Platform.TenantShard.Logs;
using Platform.TenantShard.Mail;
using Platform.TenantShard.Net;

namespace Platform.TenantShard.Http;

/// <summary>What the tenant APIs of a node share, for the life of the process.</summary>
internal sealed class ApiServices : IAsyncDisposable
{
    public ApiServices(
        TenantApiOptions options, TimeProvider clock, ILoggerFactory loggers, IBackupVault? backups = null)
    {
        Options = options;
        Backups = backups;
        AdminUi = new AdminFiles(options.AdminUiFolder);
        Passwords = new PasswordHasher(options.PasswordHashesMax, options.LoginsWaitingMax);
        Outbound = new OutboundPolicy(options.ReachesPrivateNetworks);
        Bodies = new BodyBudget(options.LargeBodiesBytesMax, options.AnswerBytesMax);
        Spool = new SpoolBudget(options.SpoolBytesMax);
        Thumbs = new Thumbnails(options.Thumbs, loggers.CreateLogger<Thumbnails>());
        MailSender = new SmtpSender(Outbound, options.Mail.Timeout, clock);
        OAuth2 = new OAuth2Client(Outbound, clock);
        Logs = new LogPump(clock, loggers.CreateLogger<LogPump>());
        Mail = new MailQueue(options.Mail, MailSender, clock, loggers.CreateLogger<MailQueue>());
    }

    public TenantApiOptions Options { get; }

    public PasswordHasher Passwords { get; }

    /// <summary>Where tenants may make the node connect to.</summary>
    public OutboundPolicy Outbound { get; }

    public SmtpSender MailSender { get; }

    public MailQueue Mail { get; }

    /// <summary>Talks to identity providers.</summary>
    public OAuth2Client OAuth2 { get; }

    /// <summary>Bytes of large bodies in memory.</summary>
    public BodyBudget Bodies { get; }

    /// <summary>Bytes of uploads on the local disk.</summary>
    public SpoolBudget Spool { get; }

    /// <summary>Sees to it that what waits in tenants' logs is stored.</summary>
    public LogPump Logs { get; }

    /// <summary>Where tenants' backups are; null where none can be made.</summary>
    public IBackupVault? Backups { get; }

    /// <summary>One backup or restore of a tenant at a time.</summary>
    public BackupTurns BackupTurns { get; } = new();

    /// <summary>The admin UI of all tenants.</summary>
    public AdminFiles AdminUi { get; }

    public Thumbnails Thumbs { get; }

    public async ValueTask DisposeAsync()
    {
        await Mail.DisposeAsync();
        await Logs.DisposeAsync();
        OAuth2.Dispose();
        AdminUi.Dispose();
        Thumbs.Dispose();
    }
}
