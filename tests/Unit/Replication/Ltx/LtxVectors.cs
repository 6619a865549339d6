using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Replication.Tests.Ltx;

/// <summary>The vectors under <c>Vectors/</c>: of another encoder, read by stock Litestream 0.5.17.</summary>
internal static class LtxVectors
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "Vectors");

    public static IReadOnlyList<Case> Cases { get; } = Load();

    public static IEnumerable<FileEntry> Files => Cases.SelectMany(entry => entry.Files);

    public static byte[] Read(string file) => File.ReadAllBytes(Path.Combine(Root, "cases", file));

    public static byte[] ReadPlain(string file) => File.ReadAllBytes(Path.Combine(Root, "plain", file));

    private static Case[] Load() =>
        JsonSerializer.Deserialize<Manifest>(File.ReadAllBytes(Path.Combine(Root, "manifest.json")))!.Cases;

    internal sealed record Manifest([property: JsonPropertyName("cases")] Case[] Cases);

    internal sealed record Case(
        [property: JsonPropertyName("name")] string Name,
        [property: JsonPropertyName("files")] FileEntry[] Files,
        [property: JsonPropertyName("images")] ImageEntry[] Images);

    internal sealed record FileEntry(
        [property: JsonPropertyName("file")] string File,
        [property: JsonPropertyName("level")] int Level,
        [property: JsonPropertyName("min_txid")] ulong MinTxid,
        [property: JsonPropertyName("max_txid")] ulong MaxTxid,
        [property: JsonPropertyName("timestamp_ms")] long TimestampMilliseconds,
        [property: JsonPropertyName("flags")] uint Flags,
        [property: JsonPropertyName("commit")] uint Commit,
        [property: JsonPropertyName("pages")] uint[] Pages,
        [property: JsonPropertyName("file_checksum")] string FileChecksum,
        [property: JsonPropertyName("size")] long Size);

    internal sealed record ImageEntry(
        [property: JsonPropertyName("txid")] ulong Txid,
        [property: JsonPropertyName("file")] string File);
}
