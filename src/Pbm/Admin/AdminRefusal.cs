using System.Text.Json;
using Platform.Pbm.Output;

namespace Platform.Pbm.Admin;

/// <summary>
/// Turns an error of the admin API, <c>{"status","message","data":{field:{code,message}}}</c>, into words.
/// </summary>
internal static class AdminRefusal
{
    public static PbmException From(int status, byte[] body, Uri server, AdminToken token)
    {
        if (status == 401) return Unauthorized(body, server, token);
        if (!TryParse(body, out var error)) return NotAPlatform(server, status);

        // An unhealthy cluster, for one, answers with a report instead of an error document.
        return error.TryGetProperty("message", out var message)
            ? new PbmException(ExitCode.Refused, $"{Display.Value(message)} ({status})", [.. Fields(error)])
            {
                Json = body,
            }
            : new PbmException(ExitCode.Refused, $"The server answered {status}.", [.. Values(error)]) { Json = body };
    }

    public static PbmException NotAPlatform(Uri server, int? status = null) => new(
        ExitCode.Refused,
        $"What answers at {server} does not speak the platform's admin API"
            + (status is null ? "." : $": it said {status} without an explanation."),
        "Check the address given by --server or PBM_SERVER.");

    private static PbmException Unauthorized(byte[] body, Uri server, AdminToken token) => new(
        ExitCode.Unauthorized,
        token.Value is null
            ? $"The server {server} wants the cluster admin token, and none was found."
            : $"The server {server} does not accept this token.",
        [
            "Looked for it, in this order:",
            .. token.Places.Select(place => "  " + place),
            "A platform prints the place of its token when it starts; by default platform-data/admin-token.",
        ])
    {
        Json = TryParse(body, out _) ? body : null,
    };

    private static IEnumerable<string> Fields(JsonElement error)
    {
        if (!error.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object) yield break;
        foreach (var field in data.EnumerateObject())
        {
            var reason = field.Value.ValueKind == JsonValueKind.Object
                && field.Value.TryGetProperty("message", out var message) ? message : field.Value;
            yield return $"  {Display.Clean(field.Name)}: {Display.Value(reason)}";
        }
    }

    private static IEnumerable<string> Values(JsonElement report) =>
        report.EnumerateObject().Select(member => $"  {Display.Clean(member.Name)}: {Display.Value(member.Value)}");

    private static bool TryParse(byte[] body, out JsonElement error)
    {
        error = default;
        try
        {
            using var document = JsonDocument.Parse(body);
            error = document.RootElement.Clone();
            return error.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
