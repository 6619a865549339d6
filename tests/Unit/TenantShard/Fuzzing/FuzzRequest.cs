using System.Text;

namespace Platform.TenantShard.Tests.Fuzzing;

/// <summary>One request as it is sent; its text is enough to send it again.</summary>
internal sealed record FuzzRequest(string Method, string Path, byte[]? Body, string ContentType, string? Token)
{
    public HttpRequestMessage ToMessage(Uri origin)
    {
        // Sent as it is written: the parser of Uri would tidy the path.
        var address = new Uri(origin + Path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var message = new HttpRequestMessage(new HttpMethod(Method), address);
        if (Token is not null) message.Headers.TryAddWithoutValidation("Authorization", Token);
        if (Body is null) return message;
        message.Content = new ByteArrayContent(Body);
        message.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        return message;
    }

    public override string ToString() =>
        $"{Method} {Path}\n{ContentType}\n{(Body is null ? "" : Encoding.Latin1.GetString(Body))}";
}
