using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.PocketBaseData;
using Platform.TenantShard.Templates;

namespace Platform.TenantShard.Tests.PocketBaseData;

/// <summary>PocketBase of the current line cannot run here: what it would find is compared with what it wrote.</summary>
public sealed class ExportLayoutTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("_collections")]
    [InlineData("_params")]
    [InlineData("_migrations")]
    [InlineData("_superusers")]
    [InlineData("_externalAuths")]
    [InlineData("_mfas")]
    [InlineData("_otps")]
    [InlineData("_authOrigins")]
    public void System_tables_have_the_columns_of_the_current_line(string table)
    {
        using var vector = UploadFixture.Open(Vector("pocketbase-0.39.db"));
        using var export = Export();
        Assert.Equal(Columns(vector, table), Columns(export, table));
    }

    [Fact]
    public void System_collections_are_stored_as_the_current_line_stores_them()
    {
        using var vector = UploadFixture.Open(Vector("pocketbase-0.39.db"));
        using var export = Export();
        var stored = SchemaLoader.Load(export);
        foreach (var expected in SchemaLoader.Load(vector).Collections.Where(IsOfTheSystem))
        {
            var found = stored.FindByName(expected.Name)!;
            Assert.Equal((expected.Name, expected.Type, expected.ListRule), (found.Name, found.Type, found.ListRule));
            Assert.Equal(
                expected.Fields.Select(field => (field.Id, field.Name, field.Type, field.IsHidden)).Order(),
                found.Fields.Select(field => (field.Id, field.Name, field.Type, field.IsHidden)).Order());
        }
    }

    [Fact]
    public void The_migrations_of_the_current_line_are_marked_as_done()
    {
        using var vector = UploadFixture.Open(Vector("pocketbase-0.39.db"));
        using var export = Export();
        var done = Texts(export, "SELECT file FROM _migrations");
        // The first ones are of before 0.23, and look for what is not there.
        var expected = Texts(vector, "SELECT file FROM _migrations WHERE file LIKE '%.go'")
            .Where(file => string.CompareOrdinal(file, "1717233556") >= 0 || file.Contains("init", StringComparison.Ordinal));
        Assert.Empty(expected.Except(done));
    }

    [Fact]
    public void Logs_have_the_table_and_indexes_of_the_current_line()
    {
        using var vector = UploadFixture.Open(Vector("pocketbase-0.39-auxiliary.db"));
        var path = _folder.File("auxiliary.db");
        File.WriteAllBytes(path, AuxiliaryImage.Bytes.Span);
        using var export = UploadFixture.Open(path);
        Assert.Equal("ok", UploadFixture.Scalar(export, "PRAGMA integrity_check"));
        Assert.Equal(Columns(vector, "_logs"), Columns(export, "_logs"));
        const string indexes = "SELECT name FROM sqlite_master WHERE type = 'index' AND name LIKE 'idx%' ORDER BY name";
        Assert.Equal(Texts(vector, indexes), Texts(export, indexes));
    }

    [Fact]
    public void A_tenant_that_nobody_wrote_to_is_exported_with_secrets()
    {
        using var export = Export();
        Assert.Equal("delete", UploadFixture.Scalar(export, "PRAGMA journal_mode"));
        Assert.Equal(
            "0",
            UploadFixture.Scalar(
                export,
                "SELECT count(*) FROM _collections WHERE type = 'auth' AND length(json_extract(options, '$.authToken.secret')) < 30"));
        Assert.Equal("1", UploadFixture.Scalar(export, "SELECT count(*) FROM _params WHERE id = 'settings'"));
    }

    public void Dispose() => _folder.Dispose();

    // The app marked one of its own as a system collection too.
    private static bool IsOfTheSystem(Collection collection) => collection is { IsSystem: true, Name: ['_', ..] };

    private static string Vector(string name) => Path.Combine(AppContext.BaseDirectory, "Vectors", name);

    private DatabaseConnection Export()
    {
        var path = _folder.File("data.db");
        File.WriteAllBytes(path, TemplateImage.Bytes.Span);
        ExportedDatabase.Prepare(path, TimeProvider.System);
        return UploadFixture.Open(path);
    }

    /// <summary>By name: old databases have had their columns added in another order.</summary>
    private static List<string> Columns(DatabaseConnection connection, string table) =>
        Texts(connection, $"SELECT name || ' ' || lower(type) || ' ' || pk FROM pragma_table_info('{table}') ORDER BY name");

    private static List<string> Texts(DatabaseConnection connection, string sql)
    {
        var texts = new List<string>();
        using var statement = connection.PrepareOnce(sql);
        while (statement.Step()) texts.Add(statement.Text(0));
        return texts;
    }
}
