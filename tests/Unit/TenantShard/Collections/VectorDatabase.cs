using Platform.TenantShard.Database;

namespace Platform.TenantShard.Tests.Collections;

/// <summary>A copy of the reference database of a real app.</summary>
internal sealed class VectorDatabase : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public VectorDatabase()
    {
        var path = _folder.File("data.db");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Vectors", "pocketbase-0.39.db"), path);
        Connection = DatabaseConnection.Open(path, new ConnectionOptions(IsReadOnly: false));
    }

    public DatabaseConnection Connection { get; }

    public void Dispose()
    {
        Connection.Dispose();
        _folder.Dispose();
    }
}
