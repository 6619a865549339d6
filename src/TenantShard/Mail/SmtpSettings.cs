using Platform.TenantShard.Settings;

namespace Platform.TenantShard.Mail;

/// <summary>The mail server of a tenant, from the section <c>smtp</c> of its settings.</summary>
internal sealed record SmtpSettings
{
    public required string Host { get; init; }

    public required int Port { get; init; }

    public string Username { get; init; } = "";

    public string Password { get; init; } = "";

    /// <summary>True = <c>AUTH LOGIN</c>, false = <c>AUTH PLAIN</c>.</summary>
    public bool UsesLogin { get; init; }

    /// <summary>TLS from the first byte; otherwise STARTTLS when the server offers it.</summary>
    public bool IsTls { get; init; }

    /// <summary>How the client calls itself.</summary>
    public string LocalName { get; init; } = "localhost";

    /// <returns>Null when the tenant has no mail server.</returns>
    public static SmtpSettings? Read(TenantSettings settings)
    {
        var smtp = settings.Section("smtp");
        string Text(string member) => smtp[member]!.GetValue<string>();
        if (!smtp["enabled"]!.GetValue<bool>()) return null;
        var port = smtp["port"]!.AsValue();
        return new SmtpSettings
        {
            Host = Text("host"),
            Port = port.TryGetValue<long>(out var number) ? (int)number : port.GetValue<int>(),
            Username = Text("username"),
            Password = Text("password"),
            UsesLogin = Text("authMethod") == "LOGIN",
            IsTls = smtp["tls"]!.GetValue<bool>(),
            LocalName = Text("localName") is { Length: > 0 } name ? name : "localhost",
        };
    }

    // A record prints its members: the password must not get into a log that way.
    public override string ToString() => $"{Host}:{Port}";
}
