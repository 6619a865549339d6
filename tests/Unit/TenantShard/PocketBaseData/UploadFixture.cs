using System.IO.Compression;
using Platform.TenantShard.Database;
using Platform.TenantShard.PocketBaseData;

namespace Platform.TenantShard.Tests.PocketBaseData;

/// <summary>Makes uploads of vectors, changed or not, and reads them as an import does.</summary>
internal sealed class UploadFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _imports;

    public string Path => _folder.Path;

    public string File(string name) => _folder.File(name);

    /// <summary>A copy of a vector, changed by SQL.</summary>
    public byte[] Database(string vector = "pocketbase-0.39.db", string? sql = null)
    {
        var path = _folder.File("vector.db");
        System.IO.File.Copy(System.IO.Path.Combine(AppContext.BaseDirectory, "Vectors", vector), path, overwrite: true);
        if (sql is not null)
        {
            using var connection = DatabaseConnection.Open(path, new ConnectionOptions(IsReadOnly: false));
            connection.Execute(sql);
            connection.Execute("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE");
        }

        return System.IO.File.ReadAllBytes(path);
    }

    /// <summary>A zip of these entries.</summary>
    public string Zip(params (string Name, byte[] Content)[] entries)
    {
        var path = _folder.File("upload.zip");
        System.IO.File.Delete(path);
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, content) in entries)
        {
            using var stream = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
            stream.Write(content);
        }

        return path;
    }

    public Task<PreparedImport> ReadAsync(params (string Name, byte[] Content)[] entries) => ReadAsync(Zip(entries));

    public Task<PreparedImport> ReadAsync(string zip, ImportLimits? limits = null)
    {
        var folder = Directory.CreateDirectory(_folder.File($"import-{++_imports}")).FullName;
        return PreparedImport.ReadAsync(zip, folder, limits ?? new ImportLimits(), TimeProvider.System, default);
    }

    /// <summary>What is wrong with an upload, as <c>place: code</c>.</summary>
    public async Task<IReadOnlyList<string>> RefusalAsync(string zip, ImportLimits? limits = null)
    {
        var refused = await Assert.ThrowsAsync<ImportRefusedException>(() => ReadAsync(zip, limits));
        return [.. refused.Problems.Select(problem => $"{problem.Place}: {problem.Code}")];
    }

    public Task<IReadOnlyList<string>> RefusalAsync(params (string Name, byte[] Content)[] entries) =>
        RefusalAsync(Zip(entries));

    public static DatabaseConnection Open(string path) =>
        DatabaseConnection.Open(path, new ConnectionOptions(IsReadOnly: true));

    public static string Scalar(DatabaseConnection connection, string sql)
    {
        using var statement = connection.PrepareOnce(sql);
        return statement.Step() ? statement.Text(0) : "nothing";
    }

    public void Dispose() => _folder.Dispose();
}
