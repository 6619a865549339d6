using System.Security.Cryptography;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Mail;
using Platform.TenantShard.Records;

namespace Platform.TenantShard.Auth;

/// <summary>
/// <c>POST .../request-otp</c>: mails a one-time password. An unknown address gets an id too, which leads nowhere.
/// </summary>
internal static class RequestOtp
{
    /// <summary>A cheap hash: the password lives for minutes and is tried only a few times.</summary>
    private const int HashCost = 8;

    public static void Map(RouteTable routes) =>
        routes.Map("POST", "/api/collections/{collection}/request-otp", HandleAsync);

    private static async Task HandleAsync(ApiContext context)
    {
        var plan = CollectionPlan.For(AuthEndpoints.FindAuthCollection(context));
        var options = plan.Auth!.Otp;
        if (!options.IsEnabled)
            throw ApiException.Forbidden("The collection is not configured to allow OTP authentication.");
        var form = new FormReader(await context.ReadBodyAsync());
        var email = form.Email("email");
        form.ThrowIfAny();
        var id = GeneratedText.From(GeneratedText.IdPattern);
        var password = RandomNumberGenerator.GetString("0123456789", Math.Clamp(options.Length, 1, 64));
        // Hashed for unknown addresses as well, so that the time tells nothing.
        var hash = await context.HashPasswordAsync(password, HashCost);
        if (await AuthRecordQuery.ByEmailAsync(context, plan, email) is { } record)
        {
            await context.Shard.WriteAsync(
                new CreateOtp(record, id, hash, context.Shard.Clock.GetUtcNow()), context.Aborted);
            await TenantMail.TrySendAsync(
                context, record, record.Email, options.EmailTemplate,
                wanted => wanted switch { "OTP" => password, "OTP_ID" => id, _ => null });
        }

        await MemberResponse.SendAsync(context, 200, "otpId", id);
    }
}
