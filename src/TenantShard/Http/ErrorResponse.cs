using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Http;

/// <summary>The tenant API's error body, and the refusals that faults of the database become.</summary>
internal static class ErrorResponse
{
    private const string Generic = "Something went wrong while processing your request.";

    public static async Task SendAsync(HttpContext context, ApiException error)
    {
        var buffer = JsonBufferPool.Rent();
        try
        {
            Write(buffer.Writer, error);
            if (error.RetryAfterSeconds is { } seconds)
                context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            await JsonResponse.SendAsync(context, error.Status, buffer);
        }
        finally
        {
            JsonBufferPool.Return(buffer);
        }
    }

    /// <summary>An answer that tells nothing of the cause.</summary>
    public static ApiException Unexpected(Exception cause) => new(500, Generic, cause: cause);

    /// <summary>Maps by SQLite's result code; its words hold SQL and stay inside.</summary>
    public static ApiException From(DatabaseException error)
    {
        if (error.IsInterrupted) return ApiException.TooSlow(error);
        if (error.IsOutOfMemory) return ApiException.TooMuchMemory(error);
        return error.PrimaryCode switch
        {
            SqliteCode.Full => new ApiException(507, "The database has reached its largest size.", cause: error),
            SqliteCode.Busy => Unavailable("The database is busy.", error),
            SqliteCode.TooBig => new ApiException(413, "A value is too large.", cause: error),
            _ => Unexpected(error),
        };
    }

    private static ApiException Unavailable(string message, Exception cause) =>
        new(503, message, cause: cause) { RetryAfterSeconds = 1 };

    private static void Write(Utf8JsonWriter writer, ApiException error)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("data"u8);
        WriteFields(writer, error.FieldErrors);
        writer.WriteEndObject();
        writer.WriteString("message"u8, error.Message);
        writer.WriteNumber("status"u8, error.Status);
        writer.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter writer, IReadOnlyDictionary<string, FieldError> errors)
    {
        foreach (var (field, error) in errors)
        {
            writer.WriteStartObject(field);
            if (error.Nested is { } nested)
            {
                WriteFields(writer, nested);
            }
            else
            {
                writer.WriteString("code"u8, error.Code);
                writer.WriteString("message"u8, error.Message);
                if (error.Params is { } values) WriteParams(writer, values);
                if (error.Response is { } response)
                {
                    writer.WritePropertyName("response"u8);
                    Write(writer, response);
                }
            }

            writer.WriteEndObject();
        }
    }

    private static void WriteParams(Utf8JsonWriter writer, IReadOnlyDictionary<string, object> values)
    {
        writer.WriteStartObject("params"u8);
        foreach (var (name, value) in values)
        {
            switch (value)
            {
                case long number:
                    writer.WriteNumber(name, number);
                    break;
                case int number:
                    writer.WriteNumber(name, number);
                    break;
                case double number:
                    writer.WriteNumber(name, number);
                    break;
                case IEnumerable<string> texts:
                    writer.WriteStartArray(name);
                    foreach (var text in texts) writer.WriteStringValue(text);
                    writer.WriteEndArray();
                    break;
                default:
                    writer.WriteString(name, value.ToString());
                    break;
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>Primary result codes (https://sqlite.org/rescode.html).</summary>
    private static class SqliteCode
    {
        public const int Busy = 5;
        public const int Full = 13;
        public const int TooBig = 18;
    }
}
