using System.Buffers;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.TenantShard.Hosting;

namespace Platform.Cluster.Tenants;

/// <summary>
/// A descriptor as JSON: the same text in the API, in the cluster store and in object storage. Readers of stored text
/// ignore fields that they do not know, so that an older release can read a newer one's.
/// </summary>
internal static class TenantJson
{
    /// <summary>RFC 3339 in UTC with milliseconds.</summary>
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static readonly TenantQuotas NoQuotas = new();

    /// <summary>Labels repeat: plans, regions, their names.</summary>
    private static readonly SharedTexts Names = new(countMax: 10_000);

    public static byte[] Store(TenantDescriptor tenant)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            WriteFields(writer, tenant);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static void WriteFields(Utf8JsonWriter writer, TenantDescriptor tenant)
    {
        writer.WriteString("id", tenant.Id.Value);
        writer.WriteStartArray("domains");
        foreach (var domain in tenant.Domains) writer.WriteStringValue(domain);
        writer.WriteEndArray();
        writer.WriteString("durability", NameOf(tenant.Durability));
        writer.WriteString("status", NameOf(tenant.Status));
        writer.WriteStartObject("quotas");
        WriteLimit(writer, "storageBytesMax", tenant.Quotas.StorageBytesMax);
        WriteLimit(writer, "requestBodyBytesMax", tenant.Quotas.RequestBodyBytesMax);
        writer.WriteEndObject();
        writer.WriteStartObject("metadata");
        foreach (var (name, value) in tenant.Metadata) writer.WriteString(name, value);
        writer.WriteEndObject();
        writer.WriteString("created", Format(tenant.Created));
        writer.WriteString("updated", Format(tenant.Updated));
    }

    /// <summary>What a tenant stores; null when that is not known.</summary>
    public static void WriteStorage(Utf8JsonWriter writer, TenantStorage? storage)
    {
        if (storage is null)
        {
            writer.WriteNull("storage");
            return;
        }

        writer.WriteStartObject("storage");
        writer.WriteNumber("databaseBytes", storage.DatabaseBytes);
        writer.WriteNumber("fileBytes", storage.FileBytes);
        writer.WriteEndObject();
    }

    /// <summary>What a node wrote so; null for everything else.</summary>
    public static TenantStorage? ReadStorage(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.GetProperty("storage") is { ValueKind: JsonValueKind.Object } storage
                ? new TenantStorage(
                    storage.GetProperty("databaseBytes").GetInt64(), storage.GetProperty("fileBytes").GetInt64())
                : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <exception cref="FormatException">The text is no descriptor.</exception>
    public static TenantDescriptor Read(ReadOnlyMemory<byte> stored)
    {
        try
        {
            using var document = JsonDocument.Parse(stored);
            return Read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException("A stored tenant descriptor cannot be read.", error);
        }
    }

    /// <summary>A stored descriptor of a tenant whose objects are being deleted.</summary>
    public static byte[] MarkPurging(ReadOnlyMemory<byte> stored)
    {
        var root = JsonNode.Parse(stored.Span)!.AsObject();
        root["purging"] = true;
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    /// <summary>True when the objects of the stored tenant are being deleted.</summary>
    public static bool IsPurging(ReadOnlyMemory<byte> stored)
    {
        using var document = JsonDocument.Parse(stored);
        return document.RootElement.TryGetProperty("purging", out var mark) && mark.ValueKind == JsonValueKind.True;
    }

    public static string NameOf(Durability durability) => durability == Durability.Local ? "local" : "replicated";

    public static string NameOf(TenantStatus status) => status == TenantStatus.Deleted ? "deleted" : "created";

    public static string Format(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static TenantDescriptor Read(JsonElement root)
    {
        var quotas = root.GetProperty("quotas");
        return new TenantDescriptor
        {
            Id = TenantId.Parse(root.GetProperty("id").GetString()!),
            Domains = ReadDomains(root.GetProperty("domains")),
            Durability =
                root.GetProperty("durability").GetString() == "local" ? Durability.Local : Durability.Replicated,
            Status = root.GetProperty("status").GetString() == "deleted" ? TenantStatus.Deleted : TenantStatus.Created,
            Quotas = ReadQuotas(quotas),
            Metadata = ReadLabels(root.GetProperty("metadata")),
            Created = root.GetProperty("created").GetDateTimeOffset(),
            Updated = root.GetProperty("updated").GetDateTimeOffset(),
        };
    }

    // Every process holds every tenant, and most have none of these: what is empty is shared.
    private static IReadOnlyList<string> ReadDomains(JsonElement domains) => domains.GetArrayLength() == 0
        ? []
        : [.. domains.EnumerateArray().Select(domain => domain.GetString()!)];

    private static TenantQuotas ReadQuotas(JsonElement quotas)
    {
        var (storage, body) = (Limit(quotas, "storageBytesMax"), Limit(quotas, "requestBodyBytesMax"));
        return storage is null && body is null ? NoQuotas : new TenantQuotas(storage, body);
    }

    private static ReadOnlyDictionary<string, string> ReadLabels(JsonElement labels)
    {
        var count = labels.GetPropertyCount();
        if (count == 0) return ReadOnlyDictionary<string, string>.Empty;
        var read = new Dictionary<string, string>(count, StringComparer.Ordinal);
        foreach (var label in labels.EnumerateObject())
            read[Names.Of(label.Name)] = Names.Of(label.Value.GetString()!);
        return read.AsReadOnly();
    }

    private static void WriteLimit(Utf8JsonWriter writer, string name, long? value)
    {
        if (value is { } limit) writer.WriteNumber(name, limit);
        else writer.WriteNull(name);
    }

    private static long? Limit(JsonElement quotas, string name) =>
        quotas.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;
}
