using System.Text.Json;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Records;

namespace Platform.TenantShard.Logs;

/// <summary>A stored entry.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Level">See <see cref="LogSeverity"/>.</param>
/// <param name="Message">What happened.</param>
/// <param name="Data">A JSON object with all else.</param>
/// <param name="Created">When, in the stored form.</param>
internal sealed record LogRow(string Id, int Level, string Message, byte[] Data, string Created)
{
    /// <summary>Characters of a URL that are kept.</summary>
    private const int UrlMax = 3000;

    /// <summary>Characters of any other text of a client that are kept.</summary>
    private const int TextMax = 2000;

    private const string TokenParameter = "token=";

    public static LogRow From(in LogEntry entry)
    {
        var url = Cut(entry.Path + WithoutTokens(entry.Query ?? ""), UrlMax);
        var message = entry.Message ?? $"{entry.Method} {url}";
        var data = CollectionJson.ToBytes(
            (entry, url), static (writer, state) => WriteData(writer, state.entry, state.url));
        return new LogRow(
            GeneratedText.From(GeneratedText.IdPattern), entry.Level, message, data, StoredDate.Format(entry.Time));
    }

    public static void Write(Utf8JsonWriter writer, LogRow row)
    {
        writer.WriteStartObject();
        writer.WriteString("created"u8, row.Created);
        writer.WritePropertyName("data"u8);
        writer.WriteRawValue(row.Data, skipInputValidation: true);
        writer.WriteString("id"u8, row.Id);
        writer.WriteNumber("level"u8, row.Level);
        writer.WriteString("message"u8, row.Message);
        writer.WriteEndObject();
    }

    private static void WriteData(Utf8JsonWriter writer, in LogEntry entry, string url)
    {
        writer.WriteStartObject();
        if (entry.Method is not null)
        {
            writer.WriteString("auth"u8, entry.Auth ?? "");
            if (entry.AuthId is not null) writer.WriteString("authId"u8, entry.AuthId);
        }

        if (entry.Error is not null) writer.WriteString("error"u8, Cut(entry.Error, TextMax));
        if (entry.Method is not null) WriteRequest(writer, entry, url);
        writer.WriteEndObject();
    }

    private static void WriteRequest(Utf8JsonWriter writer, in LogEntry entry, string url)
    {
        writer.WriteNumber("execTime"u8, Math.Round(entry.Duration.TotalMilliseconds, 3));
        writer.WriteString("method"u8, entry.Method);
        writer.WriteString("referer"u8, Cut(entry.Referer ?? "", TextMax));
        if (entry.HasAddresses) writer.WriteString("remoteIP"u8, entry.Remote?.ToString() ?? "");
        writer.WriteNumber("status"u8, entry.Status);
        writer.WriteString("type"u8, "request"u8);
        writer.WriteString("url"u8, url);
        writer.WriteString("userAgent"u8, Cut(entry.UserAgent ?? "", TextMax));
        if (entry.HasAddresses) writer.WriteString("userIP"u8, entry.User?.ToString() ?? "");
    }

    /// <summary>A token in a link opens files and backups: logs are for more eyes than that.</summary>
    private static string WithoutTokens(string query)
    {
        if (!query.Contains(TokenParameter, StringComparison.OrdinalIgnoreCase)) return query;
        var parts = query.TrimStart('?').Split('&');
        for (var index = 0; index < parts.Length; index++)
            if (parts[index].StartsWith(TokenParameter, StringComparison.OrdinalIgnoreCase))
                parts[index] = TokenParameter + "***";
        return "?" + string.Join('&', parts);
    }

    private static string Cut(string text, int lengthMax) =>
        text.Length <= lengthMax ? text : text[..lengthMax] + "...";
}
