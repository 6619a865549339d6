using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Settings;

namespace Platform.TenantShard.PocketBaseData;

/// <summary>The settings of a tenant from those of the upload: each section that is valid here.</summary>
internal static class ImportedSettings
{
    private const string S3 = "s3";

    public static TenantSettings Read(JsonElement? uploaded, ImportNotes notes)
    {
        var taken = new JsonObject();
        if (uploaded is { ValueKind: JsonValueKind.Object } settings)
        {
            foreach (var section in settings.EnumerateObject())
                if (section.Value.ValueKind == JsonValueKind.Object) Take(taken, section, notes);
        }

        return Merge(taken, new FieldErrorTree());
    }

    private static void Take(JsonObject taken, JsonProperty section, ImportNotes notes)
    {
        var value = JsonNode.Parse(section.Value.GetRawText())!.AsObject();
        if (section.Name == S3 && IsEnabled(value))
        {
            notes.Warn(
                $"Files were kept in an external S3 bucket ({Bucket(value)}). The tenant keeps its files in the "
                + "platform's storage: those that are not in the upload are missing.");
            return;
        }

        var errors = new FieldErrorTree();
        var name = section.Name;
        SettingsValidator.Check(Merge(new JsonObject { [name] = value.DeepClone() }, errors), errors);
        if (errors.IsEmpty)
        {
            taken[name] = value;
            return;
        }

        notes.Warn($"The settings '{name}' are not valid here, and have their defaults: {Describe(errors.ToData())}");
    }

    private static TenantSettings Merge(JsonObject sections, FieldErrorTree errors) =>
        TenantSettings.Default().With(JsonSerializer.SerializeToElement(sections), errors);

    private static bool IsEnabled(JsonObject store) => store["enabled"]?.GetValueKind() == JsonValueKind.True;

    private static string Bucket(JsonObject store) => store["bucket"]?.ToString() ?? "";

    private static string Describe(IReadOnlyDictionary<string, FieldError> errors)
    {
        var (name, error) = errors.First();
        return error.Nested is { } nested ? $"{name}.{Describe(nested)}" : $"{name}: {error.Message}";
    }
}
