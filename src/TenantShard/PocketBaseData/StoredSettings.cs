using System.Text;
using System.Text.Json;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.PocketBaseData;

/// <summary>Reads the settings of an uploaded database.</summary>
internal static class StoredSettings
{
    /// <summary>The object; null when there is none that can be read, which is noted.</summary>
    /// <param name="connection">The uploaded database.</param>
    /// <param name="column">The column of <c>_params</c> that names its rows.</param>
    /// <param name="consequence">What follows for the tenant when they cannot be read.</param>
    /// <param name="notes">Takes the warning.</param>
    public static JsonElement? Read(DatabaseConnection connection, string column, string consequence, ImportNotes notes)
    {
        using var row = connection.Prepare($"SELECT value FROM _params WHERE \"{column}\" = 'settings'");
        if (!row.Step() || row.IsNull(0))
        {
            notes.Warn($"The database has no settings. {consequence}");
            return null;
        }

        try
        {
            var settings = StoredJson.Parse(Encoding.UTF8.GetBytes(row.Text(0)));
            if (settings.ValueKind == JsonValueKind.Object) return settings;
        }
        catch (JsonException)
        {
            // Below.
        }

        notes.Warn($"The settings are encrypted with a key that is not part of the data. {consequence}");
        return null;
    }
}
