namespace Platform.TenantShard.Auth;

/// <summary>The names of the ways to log in, as rules and stored sessions have them.</summary>
internal static class LoginMethod
{
    public const string Password = "password";
    public const string OAuth2 = "oauth2";
    public const string OneTimePassword = "otp";
}
