using Platform.Cluster.Configuration.Options;
using Platform.TenantShard.Files.Thumbs;
using Platform.TenantShard.Mail;
using Platform.TenantShard.Realtime;

namespace Platform.Cluster.Configuration;

/// <summary>The keys of single features of the tenant API, below <c>platform.tenant-node</c>.</summary>
internal static class TenantFeatureBinding
{
    private const string Realtime = "platform.tenant-node.realtime.";
    private const string Mail = "platform.tenant-node.mail.";
    private const string Thumbs = "platform.tenant-node.thumbs.";
    private const long Mebi = 1L << 20;

    public static RealtimeOptions BindRealtime(ConfigurationReader reader) => new()
    {
        ClientsMax = reader.Integer(Realtime + "clients-max", 1, 1_000_000),
        SubscriptionsMax = reader.Integer(Realtime + "subscriptions-max", 1, 10_000),
        TenantSubscriptionsMax = reader.Integer(Realtime + "tenant-subscriptions-max", 1, 10_000_000),
        QueuedMessagesMax = reader.Integer(Realtime + "queued-messages-max", 8, 100_000),
        QueuedBytesMax = (int)reader.Bytes(Realtime + "queued-bytes-max", 64 << 10, 1 << 30),
        IdleAfter = reader.Duration(Realtime + "idle-after", TimeSpan.FromSeconds(10), TimeSpan.FromHours(1)),
        LifeMax = reader.Duration(Realtime + "life-max", TimeSpan.FromMinutes(1), TimeSpan.FromDays(1)),
    };

    public static MailOptions BindMail(ConfigurationReader reader) => new()
    {
        WaitingMax = reader.Integer(Mail + "waiting-max", 1, 1_000_000),
        TenantWaitingMax = reader.Integer(Mail + "tenant-waiting-max", 1, 1_000_000),
        Timeout = reader.Duration(Mail + "timeout", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)),
        AttemptsMax = reader.Integer(Mail + "attempts-max", 1, 10),
        RetryAfter = reader.Duration(Mail + "retry-after", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
    };

    public static ThumbOptions BindThumbs(ConfigurationReader reader) => new()
    {
        ConcurrencyMax = reader.Integer(Thumbs + "concurrency-max", 0, 256),
        WaitingMax = reader.Integer(Thumbs + "waiting-max", 1, 10_000),
        PixelsMax = reader.Integer(Thumbs + "pixels-max", 10_000, 1_000_000_000),
        FileBytesMax = reader.Bytes(Thumbs + "file-bytes-max", 64 << 10, 1024 * Mebi),
    };

    public static void Check(ConfigurationReader reader, TenantNodeOptions options)
    {
        if (options.Realtime.IdleAfter > options.Realtime.LifeMax)
            reader.Refuse(Realtime + "idle-after", $"is more than {Realtime}life-max");
        if (options.Mail.TenantWaitingMax > options.Mail.WaitingMax)
            reader.Refuse(Mail + "tenant-waiting-max", $"is more than {Mail}waiting-max");
    }
}
