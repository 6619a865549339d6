using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;

namespace Platform.TenantShard.Auth.OAuth2;

/// <summary>Creates the record of somebody who logs in with a provider for the first time.</summary>
internal static class OAuth2SignUp
{
    /// <returns>The record's id.</returns>
    public static async Task<string> RunAsync(
        ApiContext context, CollectionPlan plan, JsonElement body, OAuth2User user, ExternalAuth link)
    {
        var collection = plan.Collection;
        if (collection.Name == SystemCollections.Superusers) throw ApiException.BadRequest("Failed to authenticate.");
        var payload = Payload(plan, body, user);
        await DropTakenAsync(context, plan, payload);
        var element = StoredJson.Parse(Encoding.UTF8.GetBytes(payload.ToJsonString()));
        context.ReplaceBody(element);
        var rule = RuleAccess.Require(context, collection, collection.CreateRule);
        var input = RecordInput.Read(plan, element, context.BodyBytes + 1024, context.IsSuperuser);
        var now = context.Shard.Clock.GetUtcNow();
        NewRecord.Complete(input, now);
        var manageRule = await NewCredentials.SetAsync(context, input);
        input.CheckAll();
        input.Errors.ThrowIfAny(CreateRecord.Refusal);
        var id = input.Values.Text(plan.IdColumn);
        var isVerified = user.Email.Length > 0 && input.Values.Text(plan.Find("email")) == user.Email;
        await context.Shard.WriteAsync(
            new SignUpExternalAuth(new InsertRecord(input, rule, manageRule), plan, link, id, isVerified, now),
            context.Aborted);
        return id;
    }

    /// <summary>What the client sent, completed by what the provider knows.</summary>
    private static JsonObject Payload(CollectionPlan plan, JsonElement body, OAuth2User user)
    {
        var payload = body.TryGetProperty("createData", out var sent) && sent.ValueKind == JsonValueKind.Object
            ? JsonNode.Parse(sent.GetRawText())!.AsObject()
            : [];
        if (payload["email"] is not JsonValue email || email.ToString().Length == 0) payload["email"] = user.Email;
        var mapped = plan.Auth!.OAuth2.MappedFields;
        foreach (var (field, value) in new[]
        {
            (mapped.Id, user.Id), (mapped.Name, user.Name), (mapped.Username, user.Username),
            (mapped.AvatarUrl, user.AvatarUrl),
        })
        {
            // A picture's address is no file: such a field stays empty.
            if (value.Length > 0 && plan.Find(field) is >= 0 and var column && plan.Codecs[column].Field is not FileField)
                payload.TryAdd(field, value);
        }

        if (payload.ContainsKey("password")) return payload;
        var password = GeneratedText.From("[a-zA-Z0-9]{30}");
        payload["password"] = password;
        payload["passwordConfirm"] = password;
        return payload;
    }

    /// <summary>A name that somebody else has already is not taken over from the provider.</summary>
    private static async Task DropTakenAsync(ApiContext context, CollectionPlan plan, JsonObject payload)
    {
        var field = plan.Auth!.OAuth2.MappedFields.Username;
        if (plan.Find(field) < 0 || payload[field]?.ToString() is not { Length: > 0 } name) return;
        if (await AuthRecordQuery.ByFieldAsync(context, plan, field, name) is not null) payload.Remove(field);
    }
}
