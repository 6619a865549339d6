namespace Platform.TenantShard.Http;

/// <summary>An answer that is an object of one text.</summary>
internal static class MemberResponse
{
    public static async Task SendAsync(ApiContext context, int status, string name, string text)
    {
        var buffer = JsonBufferPool.Rent(context.Memory);
        try
        {
            buffer.Writer.WriteStartObject();
            buffer.Writer.WriteString(name, text);
            buffer.Writer.WriteEndObject();
            await context.SendAsync(status, buffer);
        }
        finally
        {
            JsonBufferPool.Return(buffer);
        }
    }
}
