using System.Text.Json;
using Platform.TenantShard.Collections.Auth;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;
using Platform.TenantShard.Records.Codecs;

namespace Platform.TenantShard.Auth;

/// <summary>
/// <c>POST /api/collections/{collection}/auth-with-password</c>. A wrong password and an unknown identity get the same
/// answer in the same time.
/// </summary>
internal static class AuthWithPassword
{
    /// <summary>The longest identity or password that is looked at, in characters.</summary>
    private const int LengthMax = 255;

    private const string Refusal = "Failed to authenticate.";

    public static void Map(RouteTable routes) =>
        routes.Map("POST", "/api/collections/{collection}/auth-with-password", HandleAsync);

    private static async Task HandleAsync(ApiContext context)
    {
        var collection = AuthEndpoints.FindAuthCollection(context);
        var plan = CollectionPlan.For(collection);
        if (!plan.Auth!.PasswordAuth.IsEnabled)
            throw ApiException.Forbidden("The collection is not configured to allow password authentication.");
        context.Enter(LoginMethod.Password);
        var (identity, password, field) = ReadBody(await context.ReadBodyAsync(), plan.Auth.PasswordAuth);
        var attempt = $"{collection.Id}/{identity}";
        if (!context.Tenant.Logins.Allows(attempt, context.Services.Options.FailedLoginsMax))
            throw new ApiException(429, "Too many failed logins. Try again in a minute.") { RetryAfterSeconds = 60 };

        var login = await LoginQuery.RunAsync(context, plan, identity, field);
        if (!await context.VerifyPasswordAsync(password, login?.PasswordHash ?? "")
            || login is null)
        {
            context.Tenant.Logins.Failed(attempt);
            throw ApiException.BadRequest(Refusal);
        }

        await AuthResponse.LoginAsync(context, plan, login.RecordId, login.TokenKey, LoginMethod.Password);
    }

    private static (string Identity, string Password, string? Field) ReadBody(
        JsonElement body, PasswordAuthOptions settings)
    {
        var errors = new RecordErrors();
        var identity = ReadText(body, "identity", errors);
        var password = ReadText(body, "password", errors);
        var field = body.ValueKind == JsonValueKind.Object && body.TryGetProperty("identityField", out var named)
            && named.ValueKind == JsonValueKind.String && named.GetString() is { Length: > 0 } text
            ? text
            : null;
        if (field is not null && !settings.IdentityFields.Contains(field))
            errors.Add("identityField", new FieldError("validation_in_invalid", "Must be a valid value."));
        errors.ThrowIfAny(AuthEndpoints.Invalid);
        return (identity, password, field);
    }

    private static string ReadText(JsonElement body, string name, RecordErrors errors)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty(name, out var value)
            || value.ValueKind == JsonValueKind.Null)
        {
            errors.Add(name, FieldErrors.Required);
            return "";
        }

        if (value.ValueKind != JsonValueKind.String || !TextCast.TryRead(value, out var text))
        {
            errors.Add(name, FieldErrors.WrongType);
            return "";
        }

        if (text.Length == 0) errors.Add(name, FieldErrors.Required);
        if (text.Length > LengthMax)
            errors.Add(name, ValidationErrors.Length(1, 255));
        return text;
    }
}
