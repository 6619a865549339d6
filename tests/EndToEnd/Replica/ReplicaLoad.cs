using System.Globalization;
using Platform.EndToEnd.Tests.Support;
using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Replica;

/// <summary>A tenant with something in every corner of a replica: growth, changes, deletions and a new schema.</summary>
internal static class ReplicaLoad
{
    public const int Rows = 250;

    public static readonly (string Sql, string Expected)[] Checks =
    [
        ("select count(*) from notes", (Rows - 10).ToString(CultureInfo.InvariantCulture)),
        ("select count(*) from notes where title = 'changed'", "10"),
        ("select count(*) from _superusers", "1"),
        ("pragma integrity_check", "ok"),
    ];

    public static async Task WriteAsync(PlatformProcess platform, string id)
    {
        using var tenant = await platform.CreateTenantAsync(id);
        await tenant.CreateOpenCollectionAsync(
            "notes", new { name = "title", type = "text" }, new { name = "body", type = "text" });
        var body = new string('b', 1500);
        var created = await Task.WhenAll(Enumerable.Range(0, Rows).Select(row =>
            tenant.CreateRecordAsync("notes", new { title = $"note {row}", body })));
        foreach (var record in created.Take(10))
            await tenant.PatchAsync($"api/collections/notes/records/{record.Id}", new { title = "changed" });
        foreach (var record in created.TakeLast(10))
            await tenant.DeleteAsync($"api/collections/notes/records/{record.Id}");
    }
}
