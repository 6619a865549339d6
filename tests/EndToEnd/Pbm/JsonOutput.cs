using System.Text.Json;
using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Pbm;

/// <summary>What <c>--json</c> printed.</summary>
internal static class JsonOutput
{
    public static JsonElement Json(this CommandResult result) => JsonSerializer.Deserialize<JsonElement>(result.Output);
}
