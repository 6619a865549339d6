using Platform.TenantShard.Collections;

namespace Platform.TenantShard.Tests.Collections;

public sealed class ImportCollectionsTests
{
    [Fact]
    public void Collections_may_refer_to_each_other_in_any_order()
    {
        using var database = new TenantDatabase();

        Import(database, """
            {"collections":[
                {"name":"v","type":"view","viewQuery":"SELECT a.id, b.name FROM a JOIN b ON b.id = a.b"},
                {"id":"a","name":"a","listRule":"b.name != ''","fields":[{"type":"relation","name":"b","collectionId":"b"}]},
                {"id":"b","name":"b","fields":[{"type":"text","name":"name"},{"type":"relation","name":"a","collectionId":"a","maxSelect":5}],
                 "indexes":["CREATE INDEX idx_b ON b (a, name)"]}]}
            """);

        Assert.Equal(["id", "b"], database.Schema.FindByName("a")!.Fields.Select(field => field.Name));
        Assert.Equal(["id", "name"], database.Schema.FindByName("v")!.Fields.Select(field => field.Name));
        Assert.Equal("b", database.Scalar("SELECT tbl_name FROM sqlite_master WHERE name = 'idx_b'"));
    }

    [Fact]
    public void Existing_collections_are_extended_and_keep_their_data()
    {
        using var database = new TenantDatabase();
        database.Create("""{"id":"a","name":"a","fields":[{"type":"text","name":"x"},{"type":"text","name":"y"}]}""");
        database.Execute("INSERT INTO a (x, y) VALUES ('1', '2')");

        Import(database, """{"collections":[{"name":"a","fields":[{"type":"text","name":"x","id":"other"},{"type":"bool","name":"z"}]}]}""");

        Assert.Equal(["1|2|0"], database.Rows("SELECT x, y, z FROM a"));
    }

    [Fact]
    public void Delete_missing_removes_unlisted_collections_and_fields_but_no_system_ones()
    {
        using var database = new TenantDatabase();
        database.Create("""{"id":"a","name":"a","fields":[{"type":"text","name":"x"},{"type":"text","name":"y"}]}""");
        database.Create("""{"id":"b","name":"b","fields":[{"type":"relation","name":"a","collectionId":"a"}]}""");

        Import(database, """{"deleteMissing":true,"collections":[{"id":"a","name":"a","fields":[{"type":"text","name":"x"}]}]}""");

        Assert.Equal(["id", "x"], database.Schema.FindByName("a")!.Fields.Select(field => field.Name));
        Assert.Equal(
            ["_authOrigins", "_externalAuths", "_mfas", "_otps", "_superusers", "a"],
            database.Schema.Collections.Select(collection => collection.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_mistake_in_one_undoes_all()
    {
        using var database = new TenantDatabase();

        var refusal = database.Refused(new ImportCollections(TenantDatabase.Json("""
            {"collections":[{"name":"good"},{"name":"bad","fields":[{"type":"text","name":"a","min":-1}]}]}
            """), TenantDatabase.Clock));

        Assert.Equal("validation_min_greater_equal_than_required",
            TenantDatabase.ErrorAt(refusal, "collections.bad.fields.1.min").Code);
        Assert.Null(database.Schema.FindByName("good"));
    }

    [Theory]
    [InlineData("""{}""", "validation_required")]
    [InlineData("""{"collections":[]}""", "validation_required")]
    [InlineData("""{"collections":{}}""", "validation_invalid_type")]
    public void Nothing_to_import_is_refused(string body, string code)
    {
        using var database = new TenantDatabase();

        var refusal = database.Refused(new ImportCollections(TenantDatabase.Json(body), TenantDatabase.Clock));

        Assert.Equal(code, refusal.FieldErrors["collections"].Code);
    }

    [Fact]
    public void A_list_that_is_exported_and_imported_again_changes_nothing()
    {
        using var database = new TenantDatabase();
        database.Run(new Platform.TenantShard.Templates.TenantInitialization(TenantDatabase.Now));
        database.Create("""{"name":"a","fields":[{"type":"relation","name":"u","collectionId":"_pb_users_auth_"}],"indexes":["CREATE INDEX i ON a (u)"]}""");
        var before = database.Rows("SELECT * FROM _collections ORDER BY id");
        var export = string.Join(',', database.Schema.Collections.Select(collection =>
            System.Text.Encoding.UTF8.GetString(Platform.TenantShard.Collections.Json.CollectionJson.ToBytes(
                collection, Platform.TenantShard.Collections.Json.CollectionJson.Write))));

        Import(database, $$"""{"deleteMissing":true,"collections":[{{export}}]}""");

        Assert.Equal(before, database.Rows("SELECT * FROM _collections ORDER BY id"));
    }

    private static void Import(TenantDatabase database, string body) =>
        database.Run(new ImportCollections(TenantDatabase.Json(body), TenantDatabase.Clock));
}
