using System.Text.Json;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Settings;

/// <summary>Changes settings; members that are absent, such as secrets, stay as they are.</summary>
internal sealed class UpdateSettings(JsonElement body, TimeProvider clock) : WriteCommand<TenantSettings>
{
    private const string Failure = "An error occurred while saving the new settings.";

    public override TenantSettings Execute(WriteScope scope)
    {
        var errors = new FieldErrorTree();
        var settings = SettingsStore.Read(scope.Connection).With(body, errors);
        if (errors.IsEmpty) SettingsValidator.Check(settings, errors);
        errors.ThrowIfAny(Failure);
        SettingsStore.Write(scope.Connection, settings, StoredDate.Now(clock));
        return settings;
    }
}
