using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Templates;
using Platform.TenantShard.Tests.Collections;

namespace Platform.TenantShard.Tests.Templates;

public sealed class TemplateImageTests
{
    [Fact]
    public void The_image_is_a_sound_database_in_wal_mode_with_pages_of_4096_bytes()
    {
        using var database = new TenantDatabase();

        Assert.Equal("ok", database.Scalar("PRAGMA integrity_check"));
        Assert.Equal("4096", database.Scalar("PRAGMA page_size"));
        Assert.Equal("wal", database.Scalar("PRAGMA journal_mode"));
        Assert.Equal(0, TemplateImage.Bytes.Length % 4096);
    }

    [Fact]
    public void Opening_the_image_does_not_change_the_file()
    {
        using var database = new TenantDatabase();

        Assert.Equal(TemplateImage.Bytes.ToArray(), File.ReadAllBytes(database.Path));
        Assert.False(File.Exists(database.Path + "-wal") && new FileInfo(database.Path + "-wal").Length > 0);
    }

    [Fact]
    public void System_collections_are_those_of_the_original()
    {
        using var vectors = new VectorDatabase();
        using var database = new TenantDatabase();
        var originals = SchemaLoader.Load(vectors.Connection);

        foreach (var collection in database.Schema.Collections)
        {
            if (!collection.IsSystem) continue;
            var original = originals.FindByName(collection.Name)!;
            Assert.Equal((original.Id, original.Type, original.IsSystem), (collection.Id, collection.Type, true));
            Assert.Equal(
                original.Fields.Select(Essence).Order(),
                collection.Fields.Select(Essence).Order());
            Assert.Equal(
                (original.ListRule, original.ViewRule, original.CreateRule, original.UpdateRule, original.DeleteRule),
                (collection.ListRule, collection.ViewRule, collection.CreateRule, collection.UpdateRule, collection.DeleteRule));
        }

        Assert.Equal(5, database.Schema.Collections.Count(collection => collection.IsSystem));
    }

    [Theory]
    [InlineData("_superusers")]
    [InlineData("_mfas")]
    [InlineData("_otps")]
    [InlineData("_externalAuths")]
    [InlineData("_authOrigins")]
    public void System_tables_have_the_columns_of_the_original(string table)
    {
        using var vectors = new VectorDatabase();
        using var database = new TenantDatabase();
        var sql = $"SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info('{table}') ORDER BY name";

        var expected = new List<string>();
        using (var statement = vectors.Connection.Prepare(sql))
        {
            while (statement.Step())
                expected.Add(string.Join('|', Enumerable.Range(0, 5).Select(column => statement.IsNull(column) ? "NULL" : statement.Text(column))));
        }

        Assert.NotEmpty(expected);
        Assert.Equal(expected, database.Rows(sql));
    }

    [Fact]
    public void Collections_and_settings_tables_have_the_columns_of_the_original()
    {
        using var vectors = new VectorDatabase();
        using var database = new TenantDatabase();

        foreach (var table in (string[])["_collections", "_params", "_migrations"])
        {
            var sql = $"SELECT group_concat(name || ' ' || type || ' ' || \"notnull\") FROM (SELECT * FROM pragma_table_info('{table}') WHERE pk = 0 ORDER BY name)";
            using var statement = vectors.Connection.Prepare(sql);
            Assert.True(statement.Step());
            // The reference was created before dates of settings had a default.
            Assert.Equal(statement.Text(0), database.Scalar(sql));
        }
    }

    [Fact]
    public void The_users_collection_has_its_well_known_id_rules_and_indexes()
    {
        using var database = new TenantDatabase();
        var users = database.Schema.FindByName("users")!;

        Assert.Equal("_pb_users_auth_", users.Id);
        Assert.Equal("id = @request.auth.id", users.ListRule);
        Assert.Equal("", users.CreateRule);
        Assert.Equal(
            ["id", "password", "tokenKey", "email", "emailVisibility", "verified", "name", "avatar", "created", "updated"],
            users.Fields.Select(field => field.Name));
        Assert.Equal(
            ["CREATE UNIQUE INDEX `idx_tokenKey__pb_users_auth_` ON `users` (`tokenKey`)",
                "CREATE UNIQUE INDEX `idx_email__pb_users_auth_` ON `users` (`email`) WHERE `email` != ''"],
            users.Indexes);
    }

    [Fact]
    public async Task Writing_the_image_refuses_to_replace_a_file()
    {
        using var folder = new TemporaryFolder();
        await TemplateImage.WriteAsync(folder.File("data.db"), CancellationToken.None);

        Assert.Equal(TemplateImage.Bytes.ToArray(), await File.ReadAllBytesAsync(folder.File("data.db")));
        await Assert.ThrowsAsync<IOException>(
            () => TemplateImage.WriteAsync(folder.File("data.db"), CancellationToken.None));
    }

    [Fact]
    public void Initialization_gives_every_tenant_secrets_of_its_own_once()
    {
        using var first = new TenantDatabase();
        using var second = new TenantDatabase();
        Assert.True(TenantInitialization.IsNeeded(first.Schema));

        Assert.True(first.Run(new TenantInitialization(TenantDatabase.Now)));
        Assert.True(second.Run(new TenantInitialization(TenantDatabase.Now)));

        Assert.False(TenantInitialization.IsNeeded(first.Schema));
        var secrets = Secrets(first).Concat(Secrets(second)).ToList();
        Assert.Equal(20, secrets.Distinct().Count());
        Assert.All(secrets, secret => Assert.Equal(50, secret.Length));
        Assert.False(first.Run(new TenantInitialization(TenantDatabase.Now)));
        Assert.Equal(Secrets(first), secrets.Take(10));
        Assert.Equal("2026-08-07 06:05:04.321Z", first.Schema.FindByName("users")!.Created);
    }

    private static List<string> Secrets(TenantDatabase database) =>
        [.. SchemaLoader.Load(database.Connection).Collections
            .Where(collection => collection.Type == CollectionType.Auth)
            .Select(collection => AuthOptionsJson.Read(collection.Options))
            .SelectMany(options => (string[])[
                options.AuthToken.Secret, options.PasswordResetToken.Secret, options.EmailChangeToken.Secret,
                options.VerificationToken.Secret, options.FileToken.Secret])];

    private static (string, string, string, bool, bool, bool, string) Essence(Field field) =>
        (field.Id, field.Name, field.Type, field.IsSystem, field.IsHidden, field.IsRequired, field.ColumnDefinition);
}
