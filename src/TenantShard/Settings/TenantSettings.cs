using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Settings;

/// <summary>The settings of a tenant, complete: what was never set has its default.</summary>
internal sealed class TenantSettings
{
    private readonly JsonObject _root;

    private TenantSettings(JsonObject root) => _root = root;

    public string AppName => Section("meta")["appName"]!.GetValue<string>();

    public string AppUrl => Section("meta")["appURL"]!.GetValue<string>();

    /// <summary>When the tenant backs itself up; empty = never.</summary>
    public string BackupCron => Section("backups")["cron"]!.GetValue<string>();

    /// <summary>How many of those backups are kept.</summary>
    public int BackupsKept =>
        Section("backups")["cronMaxKeep"]!.AsValue() is var value && value.TryGetValue<long>(out var number)
            ? (int)Math.Clamp(number, 1, 10_000)
            : value.GetValue<int>();

    public static TenantSettings Default() => new(SettingsDefaults.New());

    /// <summary>Reads what is stored; members that this version does not know are dropped.</summary>
    public static TenantSettings Read(ReadOnlySpan<byte> stored)
    {
        var root = SettingsDefaults.New();
        if (!stored.IsEmpty) SettingsMerge.Apply(root, StoredJson.Parse(stored), new FieldErrorTree());
        return new TenantSettings(root);
    }

    /// <summary>These settings with the members of a request.</summary>
    public TenantSettings With(JsonElement change, FieldErrorTree errors)
    {
        var root = _root.DeepClone().AsObject();
        SettingsMerge.Apply(root, change, errors);
        return new TenantSettings(root);
    }

    /// <summary>A top-level section, for the feature that it configures.</summary>
    public JsonObject Section(string name) => _root[name]!.AsObject();

    /// <summary>A top-level list.</summary>
    public JsonArray List(string name) => _root[name]!.AsArray();

    /// <summary>Writes what is stored: all, but for storage secrets that are empty.</summary>
    public void WriteStored(Utf8JsonWriter writer)
    {
        var root = _root.DeepClone().AsObject();
        foreach (var storage in (JsonObject[])[root["s3"]!.AsObject(), root["backups"]!["s3"]!.AsObject()])
            if (storage["secret"]!.GetValue<string>().Length == 0) storage.Remove("secret");
        root.WriteTo(writer);
    }

    /// <summary>Writes what the API shows: no secret at all.</summary>
    public static void WriteShown(Utf8JsonWriter writer, TenantSettings settings)
    {
        var root = settings._root.DeepClone().AsObject();
        root["smtp"]!.AsObject().Remove("password");
        root["s3"]!.AsObject().Remove("secret");
        root["backups"]!["s3"]!.AsObject().Remove("secret");
        root.WriteTo(writer);
    }
}
