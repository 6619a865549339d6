using System.Runtime.InteropServices;
using System.Text.Json;
using Platform.TenantShard.Http;
using Platform.TenantShard.Projection;
using Platform.TenantShard.Records;

namespace Platform.TenantShard.Collections;

/// <summary>Answers with JSON of collections, cut down to the members that <c>?fields=</c> asks for.</summary>
internal static class CollectionResponse
{
    public static async Task SendAsync<TState>(ApiContext context, TState state, Action<Utf8JsonWriter, TState> write)
    {
        var fields = QueryParameters.Read(context.Http.Request.QueryString, "fields");
        var projection = string.IsNullOrEmpty(fields) ? null : FieldProjection.Parse(fields);
        var buffer = JsonBufferPool.Rent(context.Memory);
        try
        {
            if (projection is null) write(buffer.Writer, state);
            else WriteProjected(buffer.Writer, Json.CollectionJson.ToBytes(state, write), projection);
            await context.SendAsync(200, buffer);
        }
        finally
        {
            JsonBufferPool.Return(buffer);
        }
    }

    // Of a list the projection shows the members of its items; the numbers of the page are always shown.
    private static void WriteProjected(Utf8JsonWriter writer, byte[] json, FieldProjection projection)
    {
        using var document = JsonDocument.Parse(json);
        if (!document.RootElement.TryGetProperty("totalPages"u8, out _))
        {
            ProjectedJson.Copy(json, projection, writer);
            return;
        }

        writer.WriteStartObject();
        foreach (var member in document.RootElement.EnumerateObject())
        {
            writer.WritePropertyName(member.Name);
            if (member.NameEquals("items"u8))
                ProjectedJson.Copy(JsonMarshal.GetRawUtf8Value(member.Value), projection, writer);
            else member.Value.WriteTo(writer);
        }

        writer.WriteEndObject();
    }
}
