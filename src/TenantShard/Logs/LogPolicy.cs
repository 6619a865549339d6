using System.Text.Json.Nodes;

namespace Platform.TenantShard.Logs;

/// <summary>What of a tenant's requests is written down (<c>settings.logs</c>).</summary>
/// <param name="DaysMax">How long it is kept; 0 = nothing is written at all.</param>
/// <param name="LevelMin">Less severe entries are left out.</param>
/// <param name="LogsAddresses">Whether clients' addresses are part of it.</param>
/// <param name="LogsAuthIds">Whether ids of the records that send requests are part of it.</param>
internal sealed record LogPolicy(int DaysMax, int LevelMin, bool LogsAddresses, bool LogsAuthIds)
{
    public static LogPolicy From(JsonObject section) => new(
        (int)Math.Min(Number(section, "maxDays"), 36500),
        (int)Math.Clamp(Number(section, "minLevel"), int.MinValue, int.MaxValue),
        section["logIP"]!.GetValue<bool>(),
        section["logAuthId"]!.GetValue<bool>());

    public bool Includes(int level) => DaysMax > 0 && level >= LevelMin;

    private static long Number(JsonObject section, string member) =>
        section[member]!.AsValue() is var value && value.TryGetValue<long>(out var number)
            ? number
            : value.GetValue<int>();
}
