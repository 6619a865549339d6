using System.Text.Json;
using Platform.TenantShard.Collections.Auth;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;
using Platform.TenantShard.Records.Codecs;

namespace Platform.TenantShard.Auth.OAuth2;

/// <summary>
/// <c>POST .../auth-with-oauth2</c>: a login with another service. Who is unknown is signed up, as the create rule lets.
/// </summary>
internal static class AuthWithOAuth2
{
    private const int CodeLengthMax = 4096;

    public static void Map(RouteTable routes) =>
        routes.Map("POST", "/api/collections/{collection}/auth-with-oauth2", HandleAsync);

    private static async Task HandleAsync(ApiContext context)
    {
        var plan = CollectionPlan.For(AuthEndpoints.FindAuthCollection(context));
        if (!plan.Auth!.OAuth2.IsEnabled)
            throw ApiException.Forbidden("The collection is not configured to allow OAuth2 authentication.");
        context.Enter(LoginMethod.OAuth2);
        var body = await context.ReadBodyAsync();
        var (provider, preset, code) = ReadBody(body, plan.Auth.OAuth2);
        var user = await context.Services.OAuth2.FetchAsync(preset, provider, code, context.Aborted);
        var (known, isLinked) = await FindAsync(context, plan, provider.Name, user);
        var link = new ExternalAuth(plan.Collection.Id, provider.Name, user.Id);
        var id = known is null
            ? await OAuth2SignUp.RunAsync(context, plan, body, user, link)
            : await LinkAsync(context, known, user, isLinked ? null : link);
        var record = await AuthRecordQuery.ByIdAsync(context, plan, id) ?? throw ApiException.NotFound();
        await AuthResponse.LoginAsync(
            context, plan, id, record.TokenKey, LoginMethod.OAuth2, writer => user.Write(writer, known is null));
    }

    private static (OAuth2Provider Provider, OAuth2Preset Preset, OAuth2Code Code) ReadBody(
        JsonElement body, OAuth2Options options)
    {
        var form = new FormReader(body);
        var name = form.Text("provider");
        var code = new OAuth2Code(
            form.Text("code", CodeLengthMax), form.Optional("codeVerifier"), form.Text("redirectURL", CodeLengthMax));
        var provider = options.Providers.FirstOrDefault(known => known.Name == name);
        var preset = provider is null ? null : OAuth2Presets.For(provider);
        if (preset is null)
            form.Errors.Add("provider", new FieldError("validation_missing_provider", "Unknown provider."));
        form.ThrowIfAny();
        return (provider!, preset!, code);
    }

    /// <summary>By the link of an earlier login, else who is logged in, else by the address.</summary>
    private static async Task<(AuthRecord? Record, bool IsLinked)> FindAsync(
        ApiContext context, CollectionPlan plan, string provider, OAuth2User user)
    {
        var linked = await context.Shard.ReadAsync(
            (plan.Collection.Id, provider, user.Id),
            static (scope, state) =>
            {
                using var row = scope.Connection.Prepare("""
                    SELECT recordRef FROM _externalAuths WHERE collectionRef = ?1 AND provider = ?2 AND providerId = ?3
                    """);
                row.BindText(1, state.Item1);
                row.BindText(2, state.Item2);
                row.BindText(3, state.Item3);
                return row.Step() ? row.Text(0) : "";
            },
            context.Aborted);
        if (linked.Length > 0 && await AuthRecordQuery.ByIdAsync(context, plan, linked) is { } known)
            return (known, true);
        if (context.Auth is { } auth && auth.Collection.Id == plan.Collection.Id)
            return (await AuthRecordQuery.ByIdAsync(context, plan, auth.RecordId), false);
        return (await AuthRecordQuery.ByEmailAsync(context, plan, user.Email), false);
    }

    private static async Task<string> LinkAsync(
        ApiContext context, AuthRecord record, OAuth2User user, ExternalAuth? link)
    {
        var isSelf = context.Auth is { } auth
            && auth.RecordId == record.Id && auth.Collection.Id == record.Plan.Collection.Id;
        // Somebody may have signed up with this address before its owner came: that password must not go on.
        var isDoubtful = !isSelf && record.Email.Length > 0 && !record.IsVerified;
        var codec = (PasswordCodec)record.Plan.Codecs[record.Plan.Find("password")];
        var hash = isDoubtful
            ? await context.HashPasswordAsync(
                GeneratedText.From(GeneratedText.TokenKeyPattern), codec.Cost)
            : null;
        var change = new ChangeAuthRecord(record, context.Shard.Clock.GetUtcNow())
        {
            PasswordHash = hash,
            Email = record.Email.Length == 0 && user.Email.Length > 0 ? user.Email : null,
            IsVerified = !record.IsVerified
                && user.Email.Length > 0 && (record.Email.Length == 0 || record.Email == user.Email),
        };
        var command = new LinkExternalAuth(change, link, record.Id, context.Shard.Clock.GetUtcNow());
        await ChangeAuthRecord.RunAsync(context, command);
        return record.Id;
    }
}
