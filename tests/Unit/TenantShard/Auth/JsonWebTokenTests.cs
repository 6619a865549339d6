using System.Buffers.Text;
using System.Text;
using Platform.TenantShard.Auth;

namespace Platform.TenantShard.Tests.Auth;

public sealed class JsonWebTokenTests
{
    private const string Key = "token-key-of-the-record" + "secret-of-the-collection";

    private static readonly TokenClaims Claims = new()
    {
        Type = TokenClaims.AuthType,
        Id = "4q1xlclmfloku33",
        CollectionId = "_pb_users_auth_",
        ExpiresAt = 2524604461,
        IsRefreshable = true,
        TenantId = "acme",
    };

    [Fact]
    public void A_token_that_is_created_is_read_and_verified()
    {
        var token = JsonWebToken.Create(Claims, Key);
        Assert.True(JsonWebToken.TryRead(token, out var read));
        Assert.Equal(Claims, read);
        Assert.True(JsonWebToken.IsSignedWith(token, Key));
        Assert.False(JsonWebToken.IsSignedWith(token, Key + "x"));
    }

    [Fact]
    public void A_token_of_another_implementation_is_verified()
    {
        // The example of https://jwt.io, whose key is public.
        const string Token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
            + ".eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ"
            + ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";
        Assert.True(JsonWebToken.IsSignedWith(Token, "your-256-bit-secret"));
        Assert.False(JsonWebToken.IsSignedWith(Token, "your-256-bit-secrer"));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS512")]
    [InlineData("RS256")]
    [InlineData("hs256")]
    public void Only_one_algorithm_is_read(string algorithm)
    {
        var parts = JsonWebToken.Create(Claims, Key).Split('.');
        var header = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"alg":"{{algorithm}}","typ":"JWT"}"""));
        Assert.False(JsonWebToken.TryRead($"{header}.{parts[1]}.{parts[2]}", out _));
    }

    [Fact]
    public void Every_changed_character_breaks_the_token()
    {
        var token = JsonWebToken.Create(Claims, Key);
        // The last character's lowest bits are padding; changing them alone may decode to the same signature.
        for (var index = 0; index < token.Length - 1; index++)
        {
            var changed = token.ToCharArray();
            changed[index] = changed[index] == 'A' ? 'B' : 'A';
            Assert.False(JsonWebToken.IsSignedWith(new string(changed), Key), $"character {index}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("...")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("%.%.%")]
    [InlineData("bnVsbA.bnVsbA.bnVsbA")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.W10.AA")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJpZCI6MX0.AA")]
    public void What_is_no_token_is_refused(string text)
    {
        Assert.False(JsonWebToken.TryRead(text, out _));
        Assert.False(JsonWebToken.IsSignedWith(text, Key));
    }

    [Fact]
    public void A_very_long_token_is_refused_unread() =>
        Assert.False(JsonWebToken.TryRead(JsonWebToken.Create(Claims with { Id = new string('a', 4000) }, Key), out _));
}
