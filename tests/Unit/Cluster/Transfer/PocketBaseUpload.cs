using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Platform.Testing;

namespace Platform.Cluster.Tests.Transfer;

/// <summary>Uploads for imports, from the database files of real apps.</summary>
internal static class PocketBaseUpload
{
    public const string Current = "pocketbase-0.39.db";


    public static string VectorPath(string name) =>
        RepositoryFolder.Path($"tests/Unit/TenantShard/Vectors/{name}");

    /// <summary>A zip of a vector and some files.</summary>
    public static byte[] Zip(string vector = Current, params (string Name, byte[] Content)[] files)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files.Prepend(("data.db", File.ReadAllBytes(VectorPath(vector)))))
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    /// <summary>A token as PocketBase makes it, which knows nothing of tenants.</summary>
    public static string Token(string claims, string key)
    {
        var signed = $"{Encode("""{"alg":"HS256","typ":"JWT"}"""u8.ToArray())}.{Encode(Encoding.UTF8.GetBytes(claims))}";
        return $"{signed}.{Encode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(signed)))}";
    }

    private static string Encode(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
