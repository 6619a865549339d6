using System.Text.Json.Serialization;
using Platform.Replication.Ltx;

namespace Platform.Replication.Shipping;

/// <summary>
/// What is known of a local database file, kept beside it as <c>{database}-position</c>: which transaction the file
/// alone (without its WAL) holds, and how to tell that it still does.
/// </summary>
/// <remarks>
/// Closed cleanly (<see cref="ContentHash"/> present): the file was synced and the hash proves it, at any time later.
/// Open: the process was killed. The page cache survives that, a loss of power it does not; so the record is
/// believed only while the machine's <see cref="BootId"/> is still the same.
/// </remarks>
internal sealed record PositionRecord
{
    /// <summary>The only version of this record.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The size of a database that does not exist yet.</summary>
    public const long UnknownBytes = -1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>The machine's boot when this was written (<c>/proc/sys/kernel/random/boot_id</c>).</summary>
    public required string BootId { get; init; }

    /// <summary>Which tenant it was, when the caller tells them apart; see the options.</summary>
    public string? Lineage { get; init; }

    /// <summary>The transaction that the file alone holds.</summary>
    public required ulong Txid { get; init; }

    /// <summary>The key of the replica's file that ends with that transaction.</summary>
    public required string? Key { get; init; }

    /// <summary>That file's checksum, from its trailer: proves that the replica's line is still the same one.</summary>
    public required ulong Checksum { get; init; }

    /// <summary>The size of the database file, in bytes, or <see cref="UnknownBytes"/>.</summary>
    public required long DatabaseBytes { get; init; }

    /// <summary>When the database file was last written, in ticks.</summary>
    public required long ModifiedTicks { get; init; }

    /// <summary>SHA-256 of the database file, hexadecimal; only after a clean close.</summary>
    public string? ContentHash { get; init; }

    /// <summary>True after a clean close.</summary>
    [JsonIgnore]
    public bool IsClean => ContentHash is not null;

    /// <summary>The transaction that the file alone holds.</summary>
    [JsonIgnore]
    public Txid Position => new(Txid);
}

/// <summary>Reads and writes <see cref="PositionRecord"/> without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PositionRecord))]
internal sealed partial class PositionRecordJson : JsonSerializerContext;
