using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Fields;

namespace Platform.TenantShard.Tests.Collections;

public sealed class CreateCollectionTests
{
    [Fact]
    public void A_base_collection_gets_an_id_field_ids_and_a_table_in_field_order()
    {
        using var database = new TenantDatabase();

        var posts = database.Create("""
            {"name":"posts","listRule":"","fields":[
                {"type":"text","name":"title","required":true},{"type":"number","name":"rank","onlyInt":true},
                {"type":"select","name":"tags","values":["a","b"],"maxSelect":2},{"type":"bool","name":"done"},
                {"type":"json","name":"meta"},{"type":"geoPoint","name":"place"},
                {"type":"relation","name":"owner","collectionId":"_pb_users_auth_"},
                {"type":"autodate","name":"created","onCreate":true}],
             "indexes":["CREATE INDEX idx_title ON posts (title)"]}
            """);

        Assert.Equal("pbc_1125843985", posts.Id);
        Assert.Equal(("id", "text3208210256"), (posts.Fields[0].Name, posts.Fields[0].Id));
        Assert.Equal("text724990059", posts.FindField("title")!.Id);
        Assert.Equal("2026-08-07 06:05:04.321Z", posts.Created);
        Assert.Equal(
            ["id|TEXT|'r'||lower(hex(randomblob(7)))|1", "title|TEXT|''|0", "rank|NUMERIC|0|0", "tags|JSON|'[]'|0",
                "done|BOOLEAN|FALSE|0", "meta|JSON|NULL|0", """place|JSON|'{"lon":0,"lat":0}'|0""", "owner|TEXT|''|0",
                "created|TEXT|''|0"],
            database.Rows("SELECT name, type, dflt_value, pk FROM pragma_table_info('posts')"));
        Assert.Equal("posts", database.Scalar("SELECT tbl_name FROM sqlite_master WHERE name = 'idx_title'"));
        Assert.Same(posts, database.Schema.FindByName("posts"));
        Assert.Equal(7, SchemaLoader.Load(database.Connection).Collections.Count);
    }

    [Fact]
    public void An_auth_collection_gets_its_system_fields_indexes_and_secrets()
    {
        using var database = new TenantDatabase();

        var members = database.Create("""{"name":"members","type":"auth","authToken":{"duration":100}}""");

        Assert.Equal(
            ["id", "password", "tokenKey", "email", "emailVisibility", "verified"],
            members.Fields.Select(field => field.Name));
        Assert.True(members.FindField("password")!.IsHidden);
        Assert.Equal(100, members.Options.GetProperty("authToken").GetProperty("duration").GetInt64());
        Assert.Equal(50, members.Options.GetProperty("authToken").GetProperty("secret").GetString()!.Length);
        Assert.Equal(2, database.Rows("SELECT 1 FROM sqlite_master WHERE type = 'index' AND sql LIKE '%`members`%'").Count);
    }

    [Fact]
    public void An_id_that_is_taken_gets_a_number()
    {
        using var database = new TenantDatabase();
        database.Create("""{"name":"first","id":"pbc_1125843985"}""");

        Assert.Equal("pbc_11258439852", database.Create("""{"name":"posts"}""").Id);
    }

    [Fact]
    public void A_relation_may_point_at_its_own_collection()
    {
        using var database = new TenantDatabase();

        var tree = database.Create(
            """{"id":"tree","name":"tree","fields":[{"type":"relation","name":"parent","collectionId":"tree"}]}""");

        Assert.Equal("tree", Assert.IsType<RelationField>(tree.FindField("parent")).CollectionId);
    }

    [Fact]
    public void An_index_follows_the_name_of_the_collection()
    {
        using var database = new TenantDatabase();

        var posts = database.Create(
            """{"name":"posts","fields":[{"type":"text","name":"a"}],"indexes":["CREATE INDEX x ON other (a)"]}""");

        Assert.Equal(["CREATE INDEX `x` ON `posts` (`a`)"], posts.Indexes);
    }

    public static TheoryData<string, string, string> BadInput => new()
    {
        { """{}""", "name", "validation_required" },
        { """{"name":5}""", "name", "validation_invalid_type" },
        { """{"name":"a b"}""", "name", "validation_match_invalid" },
        { """{"name":"a`;drop"}""", "name", "validation_match_invalid" },
        { """{"name":"posts_via_author"}""", "name", "validation_found_via" },
        { """{"name":"Users"}""", "name", "validation_collection_name_exists" },
        { """{"name":"_pb_users_auth_"}""", "name", "validation_collection_name_id_duplicate" },
        { """{"name":"_params"}""", "name", "validation_collection_name_invalid" },
        { """{"name":"sqlite_stat1"}""", "name", "validation_collection_name_invalid" },
        { """{"name":"x","type":"other"}""", "type", "validation_in_invalid" },
        { """{"name":"x","id":"_pb_users_auth_"}""", "id", "validation_invalid_or_existing_id" },
        { """{"name":"x","id":"a/b"}""", "id", "validation_match_invalid" },
        { """{"name":"x","fields":{}}""", "fields", "validation_invalid_type" },
        { """{"name":"x","fields":[{"name":"a"}]}""", "fields.0.type", "validation_required" },
        { """{"name":"x","fields":[{"type":"what","name":"a"}]}""", "fields.0.type", "validation_unknown_field_type" },
        { """{"name":"x","fields":[7]}""", "fields.0.type", "validation_required" },
        { Field("""{"type":"text"}"""), "fields.1.name", "validation_required" },
        { Field("""{"type":"text","name":"a-b"}"""), "fields.1.name", "validation_match_invalid" },
        { Field("""{"type":"text","name":"expand"}"""), "fields.1.name", "validation_not_in_invalid" },
        { Field("""{"type":"text","name":"CollectionId"}"""), "fields.1.name", "validation_not_in_invalid" },
        { Field("""{"type":"text","name":"rowid"}"""), "fields.1.name", "validation_not_in_invalid" },
        { Field("""{"type":"text","name":"a_via_b"}"""), "fields.1.name", "validation_found_via" },
        { Field("""{"type":"text","name":"a"},{"type":"bool","name":"A"}"""), "fields.2.name", "validation_duplicated_field_name" },
        { Field("""{"type":"text","name":"a","id":"x"},{"type":"bool","name":"b","id":"x"}"""), "fields.2.id", "validation_duplicated_field_id" },
        { Field("""{"type":"text","name":"a","min":-1}"""), "fields.1.min", "validation_min_greater_equal_than_required" },
        { Field("""{"type":"text","name":"a","min":5,"max":3}"""), "fields.1.max", "validation_min_greater_equal_than_required" },
        { """{"name":"x","fields":[{"type":"text","name":"a","min":"5"}]}""", "fields.0.min", "validation_invalid_type" },
        { Field("""{"type":"text","name":"a","pattern":"(["}"""), "fields.1.pattern", "validation_invalid_regex" },
        { Field("""{"type":"text","name":"a","pattern":"(?=x)x"}"""), "fields.1.pattern", "validation_invalid_regex" },
        { Field("""{"type":"text","name":"a","primaryKey":true}"""), "fields.1.primaryKey", "validation_unsupported_composite_pk" },
        { Field("""{"type":"number","name":"a","min":5,"max":3}"""), "fields.1.max", "validation_min_greater_equal_than_required" },
        { Field("""{"type":"number","name":"a","onlyInt":true,"min":0.5}"""), "fields.1.min", "validation_only_int_constraint" },
        { Field("""{"type":"email","name":"a","onlyDomains":["a b"]}"""), "fields.1.onlyDomains.0", "validation_is_domain" },
        { Field("""{"type":"url","name":"a","onlyDomains":["a.b"],"exceptDomains":["c.d"]}"""), "fields.1.onlyDomains", "validation_empty" },
        { Field("""{"type":"date","name":"a","min":"yesterday"}"""), "fields.1.min", "validation_date_invalid" },
        { Field("""{"type":"date","name":"a","min":"2026-01-02","max":"2026-01-01"}"""), "fields.1.max", "validation_min_greater_equal_than_required" },
        { Field("""{"type":"autodate","name":"a"}"""), "fields.1.onCreate", "validation_required" },
        { Field("""{"type":"select","name":"a"}"""), "fields.1.values", "validation_required" },
        { Field("""{"type":"select","name":"a","values":["x"],"maxSelect":2}"""), "fields.1.maxSelect", "validation_max_less_equal_than_required" },
        { Field("""{"type":"json","name":"a","maxSize":-1}"""), "fields.1.maxSize", "validation_min_greater_equal_than_required" },
        { Field("""{"type":"file","name":"a","thumbs":["10x"]}"""), "fields.1.thumbs.0", "validation_match_invalid" },
        { Field("""{"type":"file","name":"a","thumbs":["0x0f"]}"""), "fields.1.thumbs.0", "validation_match_invalid" },
        { Field("""{"type":"relation","name":"a"}"""), "fields.1.collectionId", "validation_required" },
        { Field("""{"type":"relation","name":"a","collectionId":"nope"}"""), "fields.1.collectionId", "validation_field_relation_missing_collection" },
        { Field("""{"type":"relation","name":"a","collectionId":"_pb_users_auth_","minSelect":3,"maxSelect":2}"""), "fields.1.maxSelect", "validation_min_greater_equal_than_required" },
        { Index("DROP TABLE users"), "indexes.0", "validation_invalid_index_expression" },
        { Index("CREATE INDEX i ON x (a); DROP TABLE users"), "indexes.0", "validation_invalid_index_expression" },
        { Index("CREATE INDEX i ON x (missing)"), "indexes.0", "validation_invalid_index_expression" },
        { Index("CREATE INDEX i ON x ((SELECT password FROM users))"), "indexes.0", "validation_invalid_index_expression" },
        { Index("CREATE INDEX idx_email__pb_users_auth_ ON x (a)"), "indexes.0", "validation_existing_index_name" },
        { Index("CREATE INDEX i ON x (a)\",\"CREATE INDEX I ON x (a, id)"), "indexes.1", "validation_duplicated_index_name" },
        { Index("CREATE INDEX i ON x (a)\",\"create index j on y (`a`)"), "indexes.1", "validation_duplicated_index_definition" },
        { """{"name":"x","type":"auth","manageRule":""}""", "manageRule", "validation_nil_or_not_empty_required" },
        { """{"name":"x","type":"auth","authToken":{"duration":1}}""", "authToken.duration", "validation_min_greater_equal_than_required" },
        { """{"name":"x","type":"auth","authToken":{"secret":"short"}}""", "authToken.secret", "validation_length_out_of_range" },
        { """{"name":"x","type":"auth","otp":{"enabled":true,"length":1}}""", "otp.length", "validation_min_greater_equal_than_required" },
        { """{"name":"x","type":"auth","mfa":{"enabled":true}}""", "mfa.enabled", "validation_mfa_not_enough_auths" },
        { """{"name":"x","type":"auth","passwordAuth":{"identityFields":["nick"]}}""", "passwordAuth.identityFields", "validation_missing_field" },
        { """{"name":"x","type":"auth","passwordAuth":{"identityFields":["verified"]}}""", "passwordAuth.identityFields", "validation_missing_unique_constraint" },
        { """{"name":"x","type":"auth","oauth2":{"enabled":true,"providers":[{"name":"google"}]}}""", "oauth2.providers.0.clientId", "validation_required" },
        { """{"name":"x","type":"auth","verificationTemplate":{"subject":""}}""", "verificationTemplate.subject", "validation_required" },
        { """{"name":"x","type":"auth","fields":[{"type":"text","name":"oldPassword"}]}""", "fields.1.name", "validation_reserved_field_name" },
        { """{"name":"x","type":"auth","fields":[{"type":"text","name":"password"}]}""", "fields", "validation_missing_password_field" },
    };

    [Theory]
    [MemberData(nameof(BadInput))]
    public void Bad_input_is_refused_with_a_code_at_the_field_and_changes_nothing(string body, string path, string code)
    {
        using var database = new TenantDatabase();

        var refusal = database.Refused(new CreateCollection(TenantDatabase.Json(body), TenantDatabase.Clock));

        Assert.Equal((400, "Failed to create collection."), (refusal.Status, refusal.Message));
        Assert.Equal(code, TenantDatabase.ErrorAt(refusal, path).Code);
    }

    [Fact]
    public void All_mistakes_are_reported_at_once()
    {
        using var database = new TenantDatabase();
        var body = """
            {"name":"a b","fields":[{"type":"text","name":"x","min":-1},{"type":"number","name":"-"}],
             "indexes":["what"]}
            """;

        var refusal = database.Refused(new CreateCollection(TenantDatabase.Json(body), TenantDatabase.Clock));

        Assert.Equal(["fields", "indexes", "name"], refusal.FieldErrors.Keys.Order());
        Assert.Equal(2, refusal.FieldErrors["fields"].Nested!.Count);
    }

    // The id field is added in front, so the first field of the body is the second of the collection.
    private static string Field(string field) => $$"""{"name":"x","fields":[{{field}}]}""";

    private static string Index(string index) =>
        $$"""{"name":"x","fields":[{"type":"text","name":"a"}],"indexes":["{{index}}"]}""";
}
