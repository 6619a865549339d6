using System.Text.Json;
using Platform.Cluster.Tenants;
using Platform.Replication.Ltx;
using Platform.Replication.Rewinding;
using Platform.TenantShard.Hosting.Recovery;

namespace Platform.Cluster.Recovery;

/// <summary>What recovery answers, as JSON.</summary>
internal static class RecoveryJson
{
    public static void Write(Utf8JsonWriter writer, TenantHistory history, int page, int perPage)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("isComplete", history.IsComplete);
        WriteState(writer, "earliest", history.Earliest?.Txid, history.Earliest?.Time);
        WriteState(writer, "latest", history.Latest?.Txid, history.Latest?.Time);
        WritePage(writer, page, perPage, history.Total);
        writer.WriteStartArray("items");
        foreach (var entry in history.Items)
        {
            writer.WriteStartObject();
            writer.WriteString("txid", entry.Txid.ToString());
            writer.WriteString("time", TenantJson.Format(entry.Time));
            writer.WriteBoolean("snapshot", entry.IsSnapshot);
            writer.WriteNumber("level", entry.Level);
            writer.WriteNumber("bytes", entry.Bytes);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, string tenant, RewoundReplica rewound)
    {
        writer.WriteStartObject();
        writer.WriteString("id", tenant);
        writer.WriteBoolean("changed", rewound.IsChanged);
        WriteState(writer, "restored", rewound.Restored, rewound.RestoredTime);
        WriteState(writer, "current", rewound.Txid, rewound.Time);
        writer.WriteString("undo", rewound.Before.ToString());
        writer.WriteEndObject();
    }

    public static void WriteSource(Utf8JsonWriter writer, string source, TenantCopy copy)
    {
        writer.WriteStartObject("copiedFrom");
        writer.WriteString("id", source);
        WriteMembers(writer, copy.Txid, copy.Time);
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, CreatedBackup backup)
    {
        writer.WriteStartObject();
        writer.WriteString("name", backup.Name);
        writer.WriteNumber("bytes", backup.Bytes);
        WriteMembers(writer, backup.Txid, backup.Time);
        writer.WriteNumber("files", backup.Files);
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, IReadOnlyList<BackupEntry> backups)
    {
        writer.WriteStartObject();
        WritePage(writer, page: 1, Math.Max(backups.Count, 1), backups.Count);
        writer.WriteStartArray("items");
        foreach (var backup in backups)
        {
            writer.WriteStartObject();
            writer.WriteString("name", backup.Name);
            writer.WriteNumber("bytes", backup.Bytes);
            writer.WriteString("modified", TenantJson.Format(backup.Modified));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WritePage(Utf8JsonWriter writer, int page, int perPage, int total)
    {
        writer.WriteNumber("page", page);
        writer.WriteNumber("perPage", perPage);
        writer.WriteNumber("totalItems", total);
        writer.WriteNumber("totalPages", ((long)total + perPage - 1) / perPage);
    }

    private static void WriteState(Utf8JsonWriter writer, string name, Txid? txid, DateTimeOffset? time)
    {
        if (txid is null)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartObject(name);
        WriteMembers(writer, txid.Value, time);
        writer.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter writer, Txid txid, DateTimeOffset? time)
    {
        if (time is { } moment)
        {
            writer.WriteString("txid", txid.ToString());
            writer.WriteString("time", TenantJson.Format(moment));
        }
        else
        {
            // Never written to.
            writer.WriteNull("txid");
            writer.WriteNull("time");
        }
    }
}
