using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Platform.TenantShard.Collections.Auth;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Net;

namespace Platform.TenantShard.Auth.OAuth2;

/// <summary>Talks to providers (RFC 6749, RFC 7636): code to token, token to user. Bounded in time and size.</summary>
internal sealed class OAuth2Client : IDisposable
{
    private const int AnswerBytesMax = 1 << 20;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http;
    private readonly TimeProvider _clock;

    public OAuth2Client(OutboundPolicy outbound, TimeProvider clock)
    {
        _clock = clock;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectCallback = async (context, cancellationToken) =>
                await outbound.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken),
        })
        {
            MaxResponseContentBufferSize = AnswerBytesMax,
            Timeout = Timeout,
        };
    }

    /// <summary>The user whose login has given the code.</summary>
    /// <exception cref="ApiException">400 when the provider refuses or does not answer.</exception>
    public async Task<OAuth2User> FetchAsync(
        OAuth2Preset preset, OAuth2Provider provider, OAuth2Code code, CancellationToken cancellationToken)
    {
        var token = await FetchTokenAsync(preset, provider, code, cancellationToken);
        var access = Text(token, ["access_token"]);
        var raw = preset.UserInfoUrl.Length > 0
            ? await AskUserAsync(preset, provider, access, cancellationToken)
            : ReadIdentityToken(Text(token, ["id_token"]), provider);
        var email = preset.TokenEmail.Length > 0 ? Text(token, [preset.TokenEmail]) : Text(raw, preset.Email);
        if (preset.EmailVerified.Length > 0 && !IsTrue(raw, preset.EmailVerified)) email = "";
        if (email.Length == 0 && preset.EmailsUrl.Length > 0)
            email = PrimaryEmail(await GetAsync(preset.EmailsUrl, access, cancellationToken));
        var user = new OAuth2User(
            Text(raw, preset.Id), Text(raw, preset.UserName), Text(raw, preset.Username), email,
            Text(raw, preset.Avatar))
        {
            AccessToken = access,
            RefreshToken = Text(token, ["refresh_token"]),
            Expiry = Expiry(token),
            Raw = raw,
        };
        return user.Id.Length > 0 ? user : throw ApiException.BadRequest("Failed to fetch OAuth2 user.");
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> FetchTokenAsync(
        OAuth2Preset preset, OAuth2Provider provider, OAuth2Code code, CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code.Code,
            ["redirect_uri"] = code.RedirectUrl,
            ["client_id"] = provider.ClientId,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, preset.TokenUrl);
        if (preset.HasBasicCredentials) request.Headers.Authorization = Basic(provider);
        else form["client_secret"] = provider.ClientSecret;
        if (preset.Pkce) form["code_verifier"] = code.Verifier;
        request.Content = new FormUrlEncodedContent(form);
        var token = await SendAsync(request, "Failed to fetch OAuth2 token.", cancellationToken);
        return Text(token, ["access_token"]).Length > 0 || Text(token, ["id_token"]).Length > 0
            ? token
            : throw ApiException.BadRequest("Failed to fetch OAuth2 token.");
    }

    private static AuthenticationHeaderValue Basic(OAuth2Provider provider)
    {
        var credentials = $"{Uri.EscapeDataString(provider.ClientId)}:{Uri.EscapeDataString(provider.ClientSecret)}";
        return new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
    }

    private async Task<JsonElement> AskUserAsync(
        OAuth2Preset preset, OAuth2Provider provider, string access, CancellationToken cancellationToken)
    {
        var hasBody = preset.UserInfoBody.Length > 0;
        using var request = new HttpRequestMessage(hasBody ? HttpMethod.Post : HttpMethod.Get, preset.UserInfoUrl);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
        if (hasBody) request.Content = new StringContent(preset.UserInfoBody, new MediaTypeHeaderValue("application/json"));
        foreach (var (name, value) in preset.UserInfoHeaders)
        {
            request.Headers.TryAddWithoutValidation(
                name, value.Replace("{clientId}", provider.ClientId, StringComparison.Ordinal));
        }

        return await SendAsync(request, "Failed to fetch OAuth2 user.", cancellationToken);
    }

    private async Task<JsonElement> GetAsync(string url, string access, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
        return await SendAsync(request, "Failed to fetch OAuth2 user.", cancellationToken);
    }

    private async Task<JsonElement> SendAsync(
        HttpRequestMessage request, string failure, CancellationToken cancellationToken)
    {
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.UserAgent.ParseAdd("platform");
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode) throw ApiException.BadRequest(failure);
            return StoredJson.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or OutboundRefusedException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ApiException(400, failure, cause: error);
        }
    }

    /// <summary>
    /// The claims of an identity token. It comes from the token endpoint itself, so that connection stands for the
    /// signature (OpenID Connect Core 3.1.3.7, 6); it must be for this client and still good.
    /// </summary>
    private JsonElement ReadIdentityToken(string token, OAuth2Provider provider)
    {
        try
        {
            var parts = token.Split('.');
            if (parts.Length != 3) throw ApiException.BadRequest("Failed to fetch OAuth2 user.");
            var claims = StoredJson.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]));
            var isFresh = Find(claims, "exp") is { ValueKind: JsonValueKind.Number } expires
                && expires.GetDouble() > _clock.GetUtcNow().ToUnixTimeSeconds();
            if (isFresh && IsFor(claims, provider.ClientId)) return claims;
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            throw new ApiException(400, "Failed to fetch OAuth2 user.", cause: error);
        }

        throw ApiException.BadRequest("Failed to fetch OAuth2 user.");
    }

    private static bool IsFor(JsonElement claims, string clientId) => Find(claims, "aud") switch
    {
        { ValueKind: JsonValueKind.String } one => one.ValueEquals(clientId),
        { ValueKind: JsonValueKind.Array } many => many.EnumerateArray().Any(
            one => one.ValueKind == JsonValueKind.String && one.ValueEquals(clientId)),
        _ => false,
    };

    private static string PrimaryEmail(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array) return "";
        foreach (var item in list.EnumerateArray())
            if (IsTrue(item, "primary") && IsTrue(item, "verified")) return Text(item, ["email"]);
        return "";
    }

    private string Expiry(JsonElement token) =>
        Find(token, "expires_in") is { ValueKind: JsonValueKind.Number } seconds
            && seconds.TryGetInt32(out var duration)
                ? StoredDate.Format(_clock.GetUtcNow().AddSeconds(duration))
                : "";

    private static string Text(JsonElement source, string[] paths)
    {
        foreach (var path in paths)
        {
            var text = Find(source, path) switch
            {
                { ValueKind: JsonValueKind.String } value => value.GetString()!,
                { ValueKind: JsonValueKind.Number } value => value.GetRawText(),
                _ => "",
            };
            if (text.Length > 0) return text;
        }

        return "";
    }

    private static bool IsTrue(JsonElement source, string path) => Find(source, path) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        // Apple writes it as text.
        { ValueKind: JsonValueKind.String } text => text.ValueEquals("true"),
        _ => false,
    };

    private static JsonElement? Find(JsonElement source, string path)
    {
        var found = source;
        foreach (var name in path.Split('.'))
        {
            if (found.ValueKind == JsonValueKind.Object && found.TryGetProperty(name, out var member)) found = member;
            else if (found.ValueKind == JsonValueKind.Array && int.TryParse(name, CultureInfo.InvariantCulture, out var at)
                && at < found.GetArrayLength()) found = found[at];
            else return null;
        }

        return found;
    }
}
