using System.Globalization;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Database;
using Platform.TenantShard.Files;
using Platform.TenantShard.PocketBaseData;
using Platform.TenantShard.Settings;

namespace Platform.TenantShard.Tests.PocketBaseData;

public sealed class CurrentImportTests : IDisposable
{
    private readonly UploadFixture _upload = new();

    [Fact]
    public async Task Every_value_of_every_record_is_there()
    {
        using var import = await _upload.ReadAsync(("data.db", _upload.Database()));
        Assert.False(import.Report.IsConverted);
        using var imported = DatabaseConnection.Open(import.DatabasePath, new ConnectionOptions(IsReadOnly: false));
        Assert.Equal("ok", UploadFixture.Scalar(imported, "PRAGMA integrity_check"));
        using (var attach = imported.PrepareOnce("ATTACH ?1 AS source"))
        {
            attach.BindText(1, _upload.File("vector.db"));
            attach.Run();
        }

        var differences = new List<string>();
        var records = 0L;
        foreach (var collection in SchemaLoader.Load(imported).Collections)
        {
            if (collection.Type == CollectionType.View) continue;
            var table = SqlName.Quote(collection.Name);
            var count = UploadFixture.Scalar(imported, $"SELECT count(*) FROM source.{table}");
            Assert.Equal(count, UploadFixture.Scalar(imported, $"SELECT count(*) FROM main.{table}"));
            records += long.Parse(count, CultureInfo.InvariantCulture);
            foreach (var field in collection.Fields)
            {
                var column = SqlName.Quote(field.Name);
                var different = UploadFixture.Scalar(imported, $"""
                    SELECT count(*) FROM main.{table} AS m JOIN source.{table} AS s USING (id)
                    WHERE m.{column} IS NOT s.{column} AND coalesce(s.{column}, '') <> ''
                    """);
                if (different != "0") differences.Add($"{collection.Name}.{field.Name}");
            }
        }

        Assert.Empty(differences);
        Assert.Equal(records, import.Report.Records);
    }

    [Fact]
    public async Task Collections_keep_their_ids_fields_rules_indexes_and_secrets()
    {
        using var import = await _upload.ReadAsync(("data.db", _upload.Database()));
        using var source = UploadFixture.Open(_upload.File("vector.db"));
        using var imported = UploadFixture.Open(import.DatabasePath);
        var before = SchemaLoader.Load(source);
        var after = SchemaLoader.Load(imported);
        Assert.Equal(
            before.Collections.Select(collection => (collection.Id, collection.Name, collection.Type)),
            after.Collections.Select(collection => (collection.Id, collection.Name, collection.Type)));
        foreach (var (old, now) in before.Collections.Zip(after.Collections))
        {
            Assert.Equal(
                old.Fields.Select(field => (field.Id, field.Name, field.Type)),
                now.Fields.Select(field => (field.Id, field.Name, field.Type)));
            Assert.Equal(
                (old.ListRule, old.ViewRule, old.CreateRule, old.UpdateRule, old.DeleteRule),
                (now.ListRule, now.ViewRule, now.CreateRule, now.UpdateRule, now.DeleteRule));
            Assert.Equal(old.Indexes.Count, now.Indexes.Count);
            if (old.Type != CollectionType.Auth) continue;
            var (was, has) = (AuthOptionsJson.Read(old.Options), AuthOptionsJson.Read(now.Options));
            Assert.Equal(was.AuthToken, has.AuthToken);
            Assert.Equal(was.FileToken, has.FileToken);
            Assert.Equal(was.VerificationToken, has.VerificationToken);
            Assert.Equal(was.PasswordResetToken, has.PasswordResetToken);
            Assert.Equal(was.EmailChangeToken, has.EmailChangeToken);
        }
    }

    [Fact]
    public async Task Settings_are_taken_over_and_migrations_of_the_app_stay_done()
    {
        using var import = await _upload.ReadAsync(("data.db", _upload.Database()));
        using var imported = UploadFixture.Open(import.DatabasePath);
        Assert.Equal("acme_test", SettingsStore.Read(imported).AppName);
        Assert.Equal(
            "1",
            UploadFixture.Scalar(imported, "SELECT count(*) FROM _migrations WHERE file = '1691746861_created_view3.js'"));
    }

    [Fact]
    public async Task An_export_that_is_imported_again_is_the_same()
    {
        using var first = await _upload.ReadAsync(("data.db", _upload.Database()));
        var copy = _upload.File("export.db");
        File.Copy(first.DatabasePath, copy);
        ExportedDatabase.Prepare(copy, TimeProvider.System);
        using var second = await _upload.ReadAsync(("pb_data/data.db", await File.ReadAllBytesAsync(copy)));
        using var before = UploadFixture.Open(first.DatabasePath);
        using var after = UploadFixture.Open(second.DatabasePath);
        Assert.Equal(DatabaseDump.Read(before), DatabaseDump.Read(after));
    }

    [Fact]
    public async Task Files_that_records_name_are_taken_and_all_else_is_told()
    {
        using var import = await _upload.ReadAsync(
            ("pb_data/data.db", _upload.Database()),
            ("pb_data/storage/_pb_users_auth_/4q1xlclmfloku33/300_1SEi6Q6U72.png", [1, 2, 3]),
            ("pb_data/storage/_pb_users_auth_/4q1xlclmfloku33/300_1SEi6Q6U72.png.attrs", [1]),
            ("pb_data/storage/_pb_users_auth_/4q1xlclmfloku33/thumbs_300_1SEi6Q6U72.png/70x50_300_1SEi6Q6U72.png", [1]),
            ("pb_data/storage/_pb_users_auth_/oap640cot4yru2s/test_kfd2wYLxkz.txt", [4]),
            ("pb_data/storage/_pb_users_auth_/oap640cot4yru2s/nobody.txt", [5]),
            ("pb_data/auxiliary.db", [1]),
            ("pb_data/types.d.ts", [1]),
            ("pb_data/backups/old.zip", [1]),
            ("pb_hooks/main.pb.js", [1]),
            ("pb_migrations/1_a.js", [1]),
            ("pb_public/index.html", [1]));
        Assert.Equal(2, import.Report.Files);
        Assert.Equal(4, import.Report.FileBytes);
        Assert.Equal(
            [
                FileKeys.Of("_pb_users_auth_", "4q1xlclmfloku33", "300_1SEi6Q6U72.png"),
                FileKeys.Of("_pb_users_auth_", "oap640cot4yru2s", "test_kfd2wYLxkz.txt"),
            ],
            import.FileKeys().Order(StringComparer.Ordinal));
        string[] told = ["request logs", "pb_hooks", "pb_migrations", "pb_public", "1 backups", "nobody.txt", "13 files"];
        foreach (var word in told)
            Assert.Single(import.Report.Warnings, warning => warning.Contains(word, StringComparison.Ordinal));
        Assert.Equal(told.Length, import.Report.Warnings.Count);
    }

    [Theory]
    [InlineData(
        "CREATE TABLE mine (a); INSERT INTO mine VALUES (1), (2)", "The table 'mine' with 2 rows")]
    [InlineData("CREATE TRIGGER t AFTER INSERT ON demo1 BEGIN SELECT 1; END", "trigger 't'")]
    [InlineData("CREATE VIEW mine AS SELECT 1", "SQL view 'mine'")]
    [InlineData("CREATE VIRTUAL TABLE mine USING fts5(a)", "virtual table 'mine'")]
    [InlineData("ALTER TABLE demo2 ADD COLUMN extra TEXT", "Columns of the table 'demo2'")]
    [InlineData("UPDATE _params SET value = '\"bm90IGpzb24\"'", "settings are encrypted")]
    [InlineData("UPDATE _params SET value = 'bm90IGpzb24='", "settings are encrypted")]
    [InlineData("DELETE FROM _params", "no settings")]
    [InlineData(
        "UPDATE _params SET value = json_set(CAST(value AS TEXT), '$.s3.enabled', json('true'))", "external S3 bucket")]
    [InlineData(
        "UPDATE _params SET value = json_set(CAST(value AS TEXT), '$.meta.senderAddress', 'nobody')",
        "settings 'meta' are not valid here")]
    [InlineData(
        "UPDATE _collections SET options = json_set(options, '$.authToken.secret', 'short') WHERE name = 'clients'",
        "token secrets of the collection 'clients'")]
    public async Task What_does_not_move_in_is_told(string sql, string warning)
    {
        using var import = await _upload.ReadAsync(("data.db", _upload.Database(sql: sql)));
        Assert.Single(import.Report.Warnings, text => text.Contains(warning, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("DROP TABLE demo2", "data.db/demo2: validation_missing_table")]
    [InlineData("DROP VIEW view2; DROP VIEW view1; ALTER TABLE demo1 DROP COLUMN email", "data.db/demo1/fields/email: validation_missing_column")]
    [InlineData("UPDATE _collections SET listRule = 'nothing = 1' WHERE name = 'demo2'",
        "data.db/demo2/listRule: validation_invalid_rule")]
    [InlineData("UPDATE _collections SET fields = json_set(fields, '$[1].pattern', '(') WHERE name = 'demo2'",
        "data.db/demo2/fields/title/pattern: validation_invalid_regex")]
    [InlineData("UPDATE _collections SET fields = json_set(fields, '$[1].type', 'blob') WHERE name = 'demo2'",
        "data.db/_collections: validation_invalid_collection")]
    [InlineData("UPDATE _collections SET fields = 'none' WHERE name = 'demo2'",
        "data.db/_collections: validation_invalid_collection")]
    [InlineData("UPDATE _collections SET type = 'other' WHERE name = 'demo2'",
        "data.db/_collections: validation_invalid_collection")]
    [InlineData("UPDATE _collections SET name = 'de mo' WHERE name = 'demo2'",
        "data.db/de mo/name: validation_match_invalid")]
    [InlineData("UPDATE _collections SET indexes = '[\"DROP TABLE users\"]' WHERE name = 'demo2'",
        "data.db/demo2/indexes/0: validation_invalid_index_expression")]
    [InlineData(
        "UPDATE _collections SET options = '{\"viewQuery\":\"select id, nothing from demo1\"}' WHERE name = 'view1'",
        "data.db/view1/viewQuery: validation_invalid_view_query")]
    [InlineData(
        "UPDATE _collections SET options = '{\"viewQuery\":\"select id from demo1; drop table demo1\"}' WHERE name = 'view1'",
        "data.db/view1/viewQuery: validation_invalid_view_query")]
    [InlineData("DROP INDEX idx_unique_demo2_title; UPDATE demo2 SET title = 'same'",
        "data.db/demo2/indexes/1: validation_invalid_index_expression")]
    public async Task What_the_API_would_refuse_is_refused_at_its_place(string sql, string problem) => Assert.Contains(
        problem, await _upload.RefusalAsync(("data.db", _upload.Database(sql: sql))));

    [Fact]
    public async Task What_a_running_PocketBase_has_in_its_wal_counts()
    {
        _upload.Database();
        var path = _upload.File("vector.db");
        using var writer = DatabaseConnection.Open(path, new ConnectionOptions(IsReadOnly: false));
        writer.Execute("UPDATE demo2 SET title = 'from the wal' WHERE id = 'llvuca81nly1qls'");
        using var import = await _upload.ReadAsync(
            ("data.db", await File.ReadAllBytesAsync(path)), ("data.db-wal", await File.ReadAllBytesAsync(path + "-wal")));
        using var imported = UploadFixture.Open(import.DatabasePath);
        Assert.Equal(
            "from the wal", UploadFixture.Scalar(imported, "SELECT title FROM demo2 WHERE id = 'llvuca81nly1qls'"));
    }

    [Fact]
    public async Task An_import_that_nobody_waits_for_any_more_ends()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        var folder = Directory.CreateDirectory(_upload.File("given-up")).FullName;
        var zip = _upload.Zip(("data.db", _upload.Database()));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PreparedImport.ReadAsync(
            zip, folder, new ImportLimits(), TimeProvider.System, gone.Token));
    }

    public void Dispose() => _upload.Dispose();
}
