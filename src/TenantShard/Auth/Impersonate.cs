using System.Text.Json;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;

namespace Platform.TenantShard.Auth;

/// <summary>
/// <c>POST /api/collections/{collection}/impersonate/{id}</c>, for superusers: a token of somebody else's record that
/// cannot be refreshed.
/// </summary>
internal static class Impersonate
{
    /// <summary>As long as a collection's own tokens may live, in seconds: about three years.</summary>
    private const long DurationMax = 94670856;

    public static void Map(RouteTable routes) =>
        routes.Map("POST", "/api/collections/{collection}/impersonate/{id}", HandleAsync);

    private static async Task HandleAsync(ApiContext context)
    {
        RequireAuth.Superuser(context);
        var plan = CollectionPlan.For(AuthEndpoints.FindAuthCollection(context));
        var duration = ReadDuration(await context.ReadBodyAsync());
        var record = await AuthRecordQuery.ByIdAsync(context, plan, context.Values.Second)
            ?? throw ApiException.NotFound();
        var token = AuthToken.IssueStatic(context, plan, record.Id, record.TokenKey, duration);
        await AuthResponse.SendTokenAsync(context, plan, record.Id, token);
    }

    private static long ReadDuration(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("duration", out var value)
            || value.ValueKind == JsonValueKind.Null) return 0;
        var errors = new FieldErrorTree();
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var duration))
        {
            errors.AddWrongType("duration", "an integer");
            duration = 0;
        }

        errors.CheckRange("duration", duration, 0, DurationMax);
        errors.ThrowIfAny(AuthEndpoints.Invalid);
        return duration;
    }
}
