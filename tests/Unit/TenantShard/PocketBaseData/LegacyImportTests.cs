using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.PocketBaseData;
using Platform.TenantShard.PocketBaseData.Legacy;
using Platform.TenantShard.Settings;

namespace Platform.TenantShard.Tests.PocketBaseData;

public sealed class LegacyImportTests : IDisposable
{
    private const string Vector = "pocketbase-0.22.db";

    private readonly UploadFixture _upload = new();

    [Fact]
    public async Task Admins_become_superusers_and_users_keep_their_passwords()
    {
        using var import = await ReadAsync();
        Assert.True(import.Report.IsConverted);
        using var source = UploadFixture.Open(_upload.File("vector.db"));
        using var imported = UploadFixture.Open(import.DatabasePath);
        const string admin = "SELECT id || passwordHash || tokenKey || created FROM _admins";
        const string superuser = "SELECT id || password || tokenKey || created FROM _superusers WHERE verified";
        Assert.Equal(UploadFixture.Scalar(source, admin), UploadFixture.Scalar(imported, superuser));
        const string user = "SELECT id || passwordHash || tokenKey || username || email FROM users";
        Assert.Equal(
            UploadFixture.Scalar(source, user),
            UploadFixture.Scalar(imported, user.Replace("passwordHash", "password", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Secrets_of_tokens_move_from_the_settings_to_the_collections()
    {
        using var import = await ReadAsync();
        using var source = UploadFixture.Open(_upload.File("vector.db"));
        using var imported = UploadFixture.Open(import.DatabasePath);
        string Old(string token) =>
            UploadFixture.Scalar(source, $"SELECT json_extract(value, '$.{token}.secret') FROM _params");
        string New(string collection, string token) => UploadFixture.Scalar(
            imported, $"SELECT json_extract(options, '$.{token}.secret') FROM _collections WHERE name = '{collection}'");
        Assert.Equal(Old("recordAuthToken"), New("users", "authToken"));
        Assert.Equal(Old("recordPasswordResetToken"), New("users", "passwordResetToken"));
        Assert.Equal(Old("recordEmailChangeToken"), New("users", "emailChangeToken"));
        Assert.Equal(Old("recordVerificationToken"), New("users", "verificationToken"));
        Assert.Equal(Old("recordFileToken"), New("users", "fileToken"));
        Assert.Equal(Old("adminAuthToken"), New("_superusers", "authToken"));
        Assert.True(New("_superusers", "verificationToken").Length >= 30);
    }

    [Fact]
    public async Task Schemas_become_fields_with_their_ids_and_options()
    {
        using var import = await ReadAsync();
        using var imported = UploadFixture.Open(import.DatabasePath);
        var schema = SchemaLoader.Load(imported);
        var docs = schema.FindByName("docs")!;
        Assert.Equal(
            "id title n ok kind pic owner friends j d e u m created updated",
            string.Join(' ', docs.Fields.Select(field => field.Name)));
        var title = Assert.IsType<TextField>(docs.FindField("title"));
        Assert.Equal(("3914b6bs", 1, 50, true), (title.Id, title.Min, title.Max, title.IsRequired));
        Assert.True(Assert.IsType<NumberField>(docs.FindField("n")).IsIntegerOnly);
        Assert.Equal(2, Assert.IsType<SelectField>(docs.FindField("kind")).MaxSelect);
        var picture = Assert.IsType<FileField>(docs.FindField("pic"));
        Assert.Equal((3, 100_000L, "50x50"), (picture.MaxSelect, picture.MaxSize, Assert.Single(picture.Thumbs!)));
        Assert.True(Assert.IsType<RelationField>(docs.FindField("owner")).CascadeDelete);
        Assert.True(Assert.IsType<RelationField>(docs.FindField("friends")).IsMultiple);
        Assert.True(Assert.IsType<EditorField>(docs.FindField("e")).ConvertsUrls);
        Assert.Equal(1000, Assert.IsType<JsonField>(docs.FindField("j")).MaxSize);
        Assert.Contains(docs.Indexes, index => index.Contains("idx_docs_n", StringComparison.Ordinal));
        Assert.Equal("@request.body.x:isset = false && owner = @request.auth.id", docs.ListRule);
        Assert.Equal(("", null), (docs.ViewRule, docs.UpdateRule));
        var users = schema.FindByName("users")!;
        Assert.Equal("_pb_users_auth_", users.Id);
        Assert.Equal(
            ["email", "username"], AuthOptionsJson.Read(users.Options).PasswordAuth.IdentityFields);
        Assert.Equal(3, users.Indexes.Count(index => index.Contains("UNIQUE", StringComparison.Ordinal)));
        Assert.Equal("1", UploadFixture.Scalar(imported, "SELECT c FROM v1"));
    }

    [Fact]
    public async Task Columns_are_those_of_the_current_line()
    {
        using var import = await ReadAsync();
        using var imported = UploadFixture.Open(import.DatabasePath);
        var created = UploadFixture.Scalar(imported, "SELECT sql FROM sqlite_master WHERE name = 'users'");
        Assert.DoesNotContain("passwordHash", created, StringComparison.Ordinal);
        Assert.DoesNotContain("lastResetSentAt", created, StringComparison.Ordinal);
        Assert.Equal("0", UploadFixture.Scalar(imported, "SELECT count(*) FROM sqlite_master WHERE name = '_admins'"));
        Assert.Equal(
            "1", UploadFixture.Scalar(imported, "SELECT count(*) FROM _migrations WHERE file = '1717233556_v0.23_migrate.go'"));
    }

    [Fact]
    public async Task Options_of_logins_and_external_accounts_are_converted()
    {
        using var import = await ReadAsync("""
            UPDATE _collections SET options = json_set(options, '$.onlyVerified', json('true'),
                '$.allowUsernameAuth', json('false'), '$.manageRule', '@request.data.a = 1', '$.minPasswordLength', 10)
                WHERE name = 'users';
            UPDATE _params SET value = json_set(value, '$.githubAuth.enabled', json('true'),
                '$.githubAuth.clientId', 'the-id', '$.githubAuth.clientSecret', 'the-secret',
                '$.meta.appUrl', 'https://acme.example', '$.meta.verificationTemplate.actionUrl', '{APP_URL}/v/{TOKEN}');
            INSERT INTO _externalAuths (id, collectionId, recordId, provider, providerId)
                SELECT 'ea1', '_pb_users_auth_', id, 'github', '42' FROM users;
            """);
        using var imported = UploadFixture.Open(import.DatabasePath);
        var users = SchemaLoader.Load(imported).FindByName("users")!;
        var options = AuthOptionsJson.Read(users.Options);
        Assert.Equal("verified = true", options.AuthRule);
        Assert.Equal("@request.body.a = 1", options.ManageRule);
        Assert.Equal(["email"], options.PasswordAuth.IdentityFields);
        Assert.Equal(10, Assert.IsType<PasswordField>(users.FindField("password")).Min);
        var provider = Assert.Single(options.OAuth2.Providers);
        Assert.Equal(("github", "the-id", "the-secret"), (provider.Name, provider.ClientId, provider.ClientSecret));
        Assert.Contains("{APP_URL}/v/{TOKEN}", options.VerificationTemplate.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("ACTION_URL", options.VerificationTemplate.Body, StringComparison.Ordinal);
        Assert.Equal("https://acme.example", SettingsStore.Read(imported).AppUrl);
        Assert.Equal(
            "_pb_users_auth_ github 42",
            UploadFixture.Scalar(
                imported, "SELECT collectionRef || ' ' || provider || ' ' || providerId FROM _externalAuths"));
    }

    [Fact]
    public async Task Encrypted_settings_cost_the_tokens_and_the_answer_says_so()
    {
        using var import = await ReadAsync("UPDATE _params SET value = '\"c2VjcmV0\"'");
        Assert.Contains(
            import.Report.Warnings, warning => warning.Contains("sign in again", StringComparison.Ordinal));
        using var imported = UploadFixture.Open(import.DatabasePath);
        Assert.True(UploadFixture.Scalar(
            imported, "SELECT json_extract(options, '$.authToken.secret') FROM _collections WHERE name = 'users'").Length >= 30);
    }

    [Fact]
    public async Task A_converted_app_that_is_exported_and_imported_is_the_same()
    {
        using var first = await ReadAsync();
        var copy = _upload.File("export.db");
        File.Copy(first.DatabasePath, copy);
        ExportedDatabase.Prepare(copy, TimeProvider.System);
        using var second = await _upload.ReadAsync(("data.db", await File.ReadAllBytesAsync(copy)));
        Assert.False(second.Report.IsConverted);
        using var before = UploadFixture.Open(first.DatabasePath);
        using var after = UploadFixture.Open(second.DatabasePath);
        Assert.Equal(DatabaseDump.Read(before), DatabaseDump.Read(after));
    }

    [Theory]
    [InlineData("a = @request.data.b", "a = @request.body.b")]
    [InlineData("@request.data.b:isset = true", "@request.body.b:isset = true")]
    [InlineData("a = '@request.data.b'", "a = '@request.data.b'")]
    [InlineData("a = 'it\\'s @request.data.b' && @request.data.c = 1", "a = 'it\\'s @request.data.b' && @request.body.c = 1")]
    [InlineData("a = \"'\" && @request.data.c = 1", "a = \"'\" && @request.body.c = 1")]
    [InlineData("@request.database = 1", "@request.database = 1")]
    [InlineData("  spaces   stay ", "  spaces   stay ")]
    [InlineData(null, null)]
    public void Rules_keep_their_text_but_for_one_name(string? rule, string? converted) =>
        Assert.Equal(converted, LegacyRules.Convert(rule));

    public void Dispose() => _upload.Dispose();

    private Task<PreparedImport> ReadAsync(string? sql = null) =>
        _upload.ReadAsync(("data.db", _upload.Database(Vector, sql)));
}
