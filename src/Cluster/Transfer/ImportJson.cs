using System.Text.Json;
using Platform.Replication.Ltx;
using Platform.TenantShard.PocketBaseData;

namespace Platform.Cluster.Transfer;

/// <summary>What importing answers, as JSON, beside the tenant's own fields.</summary>
internal static class ImportJson
{
    public static void Write(Utf8JsonWriter writer, ImportReport report, Txid before)
    {
        writer.WriteStartObject("imported");
        writer.WriteString("layout", report.IsConverted ? "before-0.23" : "current");
        writer.WriteNumber("collections", report.Collections);
        writer.WriteNumber("records", report.Records);
        writer.WriteNumber("files", report.Files);
        writer.WriteNumber("fileBytes", report.FileBytes);
        writer.WriteNumber("databaseBytes", report.DatabaseBytes);
        if (before == Txid.None) writer.WriteNull("undo");
        else writer.WriteString("undo", before.ToString());
        writer.WriteEndObject();
        writer.WriteStartArray("warnings");
        foreach (var warning in report.Warnings) writer.WriteStringValue(warning);
        writer.WriteEndArray();
    }
}
