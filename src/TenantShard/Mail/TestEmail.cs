using Platform.TenantShard.Auth;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Auth;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;

namespace Platform.TenantShard.Mail;

/// <summary>
/// <c>POST /api/settings/test/email</c>, for superusers: sends a template at once, and says what the server says.
/// </summary>
internal static class TestEmail
{
    private const string Failure = "Failed to send the test email.";

    public static void Map(RouteTable routes) => routes.Map("POST", "/api/settings/test/email", HandleAsync);

    private static async Task HandleAsync(ApiContext context)
    {
        RequireAuth.Superuser(context);
        var body = new FormReader(await context.ReadBodyAsync());
        var recipient = body.Email("email");
        var collection = context.Schema.Find(body.Optional("collection") is { Length: > 0 } named
            ? named
            : SystemCollections.Superusers);
        if (collection is not { Type: CollectionType.Auth })
            body.Errors.Add("collection", new FieldError("validation_invalid_collection", "Must be an auth collection."));
        var kind = body.Text("template");
        var template = collection is { Type: CollectionType.Auth }
            ? Find(CollectionPlan.For(collection).Auth!, kind)
            : EmailTemplate.Verification;
        if (template is null)
            body.Errors.Add("template", new FieldError("validation_in_invalid", "Must be a valid value."));
        body.ThrowIfAny();
        await SendAsync(context, recipient, template!);
        JsonResponse.SendNoContent(context.Http);
    }

    private static async Task SendAsync(ApiContext context, string recipient, EmailTemplate template)
    {
        var settings = await TenantMail.ReadSettingsAsync(context);
        if (SmtpSettings.Read(settings) is not { } smtp)
            throw ApiException.BadRequest(Failure + " The SMTP server is not enabled.");
        var message = MailTemplate.Fill(template, settings, recipient, Sample);
        try
        {
            await context.Services.MailSender.SendAsync(smtp, message, context.Aborted);
        }
        catch (SmtpException error)
        {
            throw new ApiException(400, $"{Failure} {error.Message}", cause: error);
        }
    }

    private static EmailTemplate? Find(AuthOptions options, string kind) => kind switch
    {
        "verification" => options.VerificationTemplate,
        "password-reset" => options.ResetPasswordTemplate,
        "email-change" => options.ConfirmEmailChangeTemplate,
        "otp" => options.Otp.EmailTemplate,
        "login-alert" => options.AuthAlert.EmailTemplate,
        _ => null,
    };

    private static string? Sample(string name) => name switch
    {
        "TOKEN" or "OTP_ID" => "test_" + name.ToLowerInvariant(),
        "OTP" => "123456",
        "ALERT_INFO" => "test",
        _ => null,
    };
}
