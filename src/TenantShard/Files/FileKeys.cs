using System.Buffers;

namespace Platform.TenantShard.Files;

/// <summary>
/// Where files lie below a tenant's storage, as in PocketBase: <c>{collection}/{record}/{name}</c>, thumbnails in
/// <c>{collection}/{record}/thumbs_{name}/{size}_{name}</c>. Ids and names of imported data may hold any character, so
/// each segment is escaped where it could mean something to a store.
/// </summary>
internal static class FileKeys
{
    private const string ThumbsPrefix = "thumbs_";

    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.*-+=#");

    public static string FolderOf(string collectionId) => Escape(collectionId) + "/";

    public static string FolderOf(string collectionId, string recordId) =>
        $"{Escape(collectionId)}/{Escape(recordId)}/";

    public static string Of(string collectionId, string recordId, string name) =>
        In(FolderOf(collectionId, recordId), name);

    /// <summary>A file of a record's folder.</summary>
    public static string In(string folder, string name) => folder + Escape(name);

    public static string ThumbOf(string collectionId, string recordId, string name, string size) =>
        $"{FolderOf(collectionId, recordId)}{Escape(ThumbsPrefix + name)}/{Escape($"{size}_{name}")}";

    /// <summary>The file that a key belongs to, for thumbnails their original; null for other keys.</summary>
    public static FileReference? Parse(string key)
    {
        var parts = key.Split('/');
        if (parts.Length is < 3 or > 4) return null;
        var name = Uri.UnescapeDataString(parts[2]);
        if (parts.Length == 4)
        {
            if (!name.StartsWith(ThumbsPrefix, StringComparison.Ordinal)) return null;
            name = name[ThumbsPrefix.Length..];
        }

        return new FileReference(Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts[1]), name);
    }

    private static string Escape(string segment)
    {
        // The names that the platform and PocketBase make need none, so that their keys read as their paths.
        var escaped = segment.AsSpan().ContainsAnyExcept(Plain) ? Uri.EscapeDataString(segment) : segment;
        return escaped.StartsWith('.') ? string.Concat("%2E", escaped.AsSpan(1)) : escaped;
    }
}
