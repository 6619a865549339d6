using System.Buffers;
using System.Text.Json;
using Platform.TenantShard.Database;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Records;

/// <summary>
/// The body with <c>count+</c> and its like replaced by the field and the value that it will have. Rules are compiled
/// with it: a rule that guards <c>@request.body.count</c> must not be passed by writing <c>count+</c>.
/// </summary>
internal static class ResolvedBody
{
    /// <summary>For values that the modifiers were applied to.</summary>
    public static JsonElement Build(JsonElement body, RecordInput input, RecordValues values)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var member in body.EnumerateObject())
                if (!IsReplaced(input, member.Name)) member.WriteTo(writer);
            foreach (var modifier in input.Modifiers)
            {
                var codec = input.Plan.Codecs[modifier.Column];
                writer.WritePropertyName(codec.Field.Name);
                codec.Write(writer, values[modifier.Column]);
            }

            writer.WriteEndObject();
        }

        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>For a record that exists: reads it and applies the modifiers to a copy.</summary>
    /// <returns>The record as read; the write must find the modified columns like this. Null without one.</returns>
    public static async Task<RecordValues?> ReplaceAsync(ApiContext context, JsonElement body, RecordInput input)
    {
        var before = await context.Shard.ReadAsync(
            (input.Plan, Id: context.Values.Second),
            static (scope, state) =>
            {
                ApiContext.RequireSame(scope.Schema, state.Plan.Collection);
                return Read(scope.Connection, state.Plan, state.Id);
            },
            context.Aborted);
        Replace(context, body, input, before);
        return before;
    }

    /// <summary>The same inside the write itself: the record is what the write will find.</summary>
    public static void Replace(
        DatabaseConnection connection, ApiContext context, JsonElement body, RecordInput input, string id) =>
        Replace(context, body, input, Read(connection, input.Plan, id));

    private static void Replace(ApiContext context, JsonElement body, RecordInput input, RecordValues? before)
    {
        if (before is null) return;
        var after = before.Copy();
        input.ApplyTo(after);
        context.ReplaceBody(Build(body, input, after));
    }

    private static RecordValues? Read(DatabaseConnection connection, CollectionPlan plan, string id)
    {
        using var row = connection.Prepare(plan.Full.ViewSql);
        row.BindText(1, id);
        return row.Step() ? plan.ReadRow(row) : null;
    }

    private static bool IsReplaced(RecordInput input, string member)
    {
        foreach (var modifier in input.Modifiers)
        {
            var name = input.Plan.Codecs[modifier.Column].Field.Name;
            if (member == modifier.Member || member == name) return true;
        }

        return false;
    }
}
