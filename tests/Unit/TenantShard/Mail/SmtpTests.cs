using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Messages.Identity;
using Platform.TenantShard.Mail;
using Platform.TenantShard.Net;
using Platform.Testing;
using Platform.Testing.Mail;

namespace Platform.TenantShard.Tests.Mail;

/// <summary>The mail client and its queue against a server on a real socket.</summary>
public sealed class SmtpTests : IAsyncLifetime
{
    private static readonly MailMessage Hello = new(
        "Bücher & Söhne", "shop@example.com", "ann@example.com", "Grüße an alle, die es wissen wollen, und an dich\r\nBcc: x",
        "<p>.Hello</p>\r\n.\r\n<a class=\"btn\" href=\"http://x/y\">Go</a>");

    private readonly SmtpReceiver _server = new();

    private SmtpSettings Settings => new() { Host = "127.0.0.1", Port = _server.Port };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_message_arrives_as_it_was_written()
    {
        await Sender().SendAsync(Settings, Hello, default);
        var mail = await _server.WaitAsync(0);
        Assert.Equal(("shop@example.com", "ann@example.com"), (mail.Sender, mail.Recipient));
        Assert.Equal("Grüße an alle, die es wissen wollen, und an dich  Bcc: x", mail.Subject);
        Assert.Equal(Hello.Html, mail.Html);
        Assert.Contains("http://x/y Go", mail.Plain, StringComparison.Ordinal);
        Assert.DoesNotContain("\nBcc:", mail.Source, StringComparison.Ordinal);
        Assert.All(mail.Source.Split("\r\n"), line => Assert.True(line.Length <= 100, line));
    }

    [Theory]
    [InlineData(false, "/me/geheim")]
    [InlineData(true, "me/geheim")]
    public async Task The_client_authenticates(bool usesLogin, string seen)
    {
        var settings = Settings with { Username = "me", Password = "geheim", UsesLogin = usesLogin };
        await Sender().SendAsync(settings, Hello, default);
        Assert.Equal(seen, (await _server.WaitAsync(0)).Credentials);
        Assert.DoesNotContain("geheim", settings.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_not_tried_again_and_not_told()
    {
        var settings = Settings with { Username = "me", Password = "wrong" };
        var error = await Assert.ThrowsAsync<SmtpException>(() => Sender().SendAsync(settings, Hello, default));
        Assert.True(error.IsPermanent);
        Assert.DoesNotContain("wrong", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Encryption_is_used_when_offered_and_strangers_are_refused()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        _server.Certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
        var refused = await Assert.ThrowsAsync<SmtpException>(() => Sender().SendAsync(Settings, Hello, default));
        Assert.True(refused.IsPermanent);

        var trusting = new SmtpSender(
            new OutboundPolicy(true), TimeSpan.FromSeconds(10), TimeProvider.System,
            (_, shown, _, _) => shown!.GetCertHashString() == _server.Certificate.GetCertHashString());
        await trusting.SendAsync(Settings with { Username = "me", Password = "geheim" }, Hello, default);
        var mail = await _server.WaitAsync(0);
        Assert.True(mail.IsSecure);
        Assert.Equal("/me/geheim", mail.Credentials);
    }

    [Fact]
    public async Task A_silent_server_costs_no_more_than_the_timeout()
    {
        _server.IsSilent = true;
        var error = await Assert.ThrowsAsync<SmtpException>(
            () => Sender(TimeSpan.FromMilliseconds(100)).SendAsync(Settings, Hello, default));
        Assert.False(error.IsPermanent);
    }

    [Theory]
    [InlineData("127.0.0.1", true, true)]
    [InlineData("127.0.0.1", false, false)]
    [InlineData("10.1.2.3", false, false)]
    [InlineData("::ffff:192.168.1.1", false, false)]
    [InlineData("::1", false, false)]
    [InlineData("fd00::1", false, false)]
    [InlineData("169.254.169.254", true, false)]
    [InlineData("fe80::1", true, false)]
    [InlineData("8.8.8.8", false, true)]
    public void Addresses_are_reached_as_the_operator_allows(string address, bool reachesPrivate, bool isAllowed) =>
        Assert.Equal(isAllowed, new OutboundPolicy(reachesPrivate).Allows(IPAddress.Parse(address)));

    [Fact]
    public async Task A_message_that_is_not_taken_for_the_moment_is_sent_again()
    {
        _server.RefuseNext(2);
        await using var queue = Queue(new MailOptions { RetryAfter = TimeSpan.FromMilliseconds(1) });
        Assert.True(queue.TryAdd(TenantId.Parse("acme"), Settings, Hello));
        await _server.WaitAsync(0);
        Assert.Equal(3, _server.Connections);
    }

    [Fact]
    public async Task A_message_that_is_refused_for_good_does_not_keep_the_next()
    {
        _server.Refusal = "550 unknown";
        await using var queue = Queue(new MailOptions());
        Assert.True(queue.TryAdd(TenantId.Parse("acme"), Settings, Hello));
        await Eventually.TrueAsync(() => _server.Connections == 1);
        Assert.True(queue.TryAdd(TenantId.Parse("acme"), Settings, Hello));
        await Eventually.TrueAsync(() => _server.Connections == 2);
        _server.Refusal = null;
        Assert.True(queue.TryAdd(TenantId.Parse("acme"), Settings, Hello));
        await _server.WaitAsync(0);
    }

    [Fact]
    public async Task The_queue_takes_no_more_than_its_limits_and_a_stop_waits_no_longer_than_told()
    {
        _server.IsSilent = true;
        var queue = Queue(new MailOptions
        {
            WaitingMax = 3,
            TenantWaitingMax = 2,
            StopWait = TimeSpan.FromMilliseconds(50),
        });
        var (acme, other) = (TenantId.Parse("acme"), TenantId.Parse("other"));
        Assert.True(queue.TryAdd(acme, Settings, Hello));
        await Eventually.TrueAsync(() => _server.Connections == 1);
        Assert.True(queue.TryAdd(acme, Settings, Hello));
        Assert.True(queue.TryAdd(acme, Settings, Hello));
        Assert.False(queue.TryAdd(acme, Settings, Hello));
        Assert.True(queue.TryAdd(other, Settings, Hello));
        await queue.DisposeAsync();
        Assert.False(queue.TryAdd(other, Settings, Hello));
    }

    private static SmtpSender Sender(TimeSpan? timeout = null) =>
        new(new OutboundPolicy(true), timeout ?? TimeSpan.FromSeconds(10), TimeProvider.System);

    private static MailQueue Queue(MailOptions options) =>
        new(options, Sender(), TimeProvider.System, NullLogger<MailQueue>.Instance);
}
