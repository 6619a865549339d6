using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.Settings;

/// <summary>The row <c>settings</c> of <c>_params</c>.</summary>
internal static class SettingsStore
{
    /// <summary>The stored settings; the defaults before the first write of a tenant.</summary>
    /// <exception cref="InvalidDataException">The row holds no JSON, such as settings encrypted elsewhere.</exception>
    public static TenantSettings Read(DatabaseConnection connection)
    {
        using var row = connection.Prepare("SELECT value FROM _params WHERE id = 'settings'");
        try
        {
            return row.Step() && !row.IsNull(0) ? TenantSettings.Read(row.Utf8(0)) : TenantSettings.Default();
        }
        catch (System.Text.Json.JsonException fault)
        {
            throw new InvalidDataException("The stored settings are not JSON.", fault);
        }
    }

    public static void Write(DatabaseConnection connection, TenantSettings settings, string now)
    {
        using var row = connection.Prepare("""
            INSERT INTO _params (id, value, created, updated) VALUES ('settings', ?1, ?2, ?2)
            ON CONFLICT (id) DO UPDATE SET value = ?1, updated = ?2
            """);
        row.BindText(1, CollectionJson.ToBytes(settings, static (writer, value) => value.WriteStored(writer)));
        row.BindText(2, now);
        row.Run();
    }
}
