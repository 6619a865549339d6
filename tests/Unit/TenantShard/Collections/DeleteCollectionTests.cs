using Platform.TenantShard.Collections;

namespace Platform.TenantShard.Tests.Collections;

public sealed class DeleteCollectionTests
{
    [Fact]
    public void A_deleted_collection_leaves_no_table_index_or_row()
    {
        using var database = new TenantDatabase();
        database.Create("""{"name":"posts","fields":[{"type":"text","name":"a"}],"indexes":["CREATE INDEX i ON posts (a)"]}""");

        database.Run(new DeleteCollection("posts"));

        Assert.Null(database.Schema.FindByName("posts"));
        Assert.Empty(database.Rows("SELECT 1 FROM sqlite_master WHERE name IN ('posts', 'i')"));
        Assert.Empty(database.Rows("SELECT 1 FROM _collections WHERE name = 'posts'"));
    }

    [Fact]
    public void Collections_that_refer_to_it_are_named()
    {
        using var database = new TenantDatabase();
        database.Create("""{"id":"posts","name":"posts"}""");
        database.Create("""{"name":"notes","fields":[{"type":"relation","name":"post","collectionId":"posts"}]}""");

        var refusal = database.Refused(new DeleteCollection("posts"));

        Assert.Equal(400, refusal.Status);
        Assert.Contains("notes", refusal.FieldErrors["collection"].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Views_that_read_it_are_named()
    {
        using var database = new TenantDatabase();
        database.Create("""{"id":"posts","name":"posts"}""");
        database.Create("""{"name":"all_posts","type":"view","viewQuery":"SELECT id FROM posts"}""");

        var refusal = database.Refused(new DeleteCollection("posts"));

        Assert.Contains("all_posts", refusal.FieldErrors["collection"].Message, StringComparison.Ordinal);
        database.Run(new DeleteCollection("all_posts"));
        database.Run(new DeleteCollection("posts"));
    }

    [Fact]
    public void A_collection_that_refers_only_to_itself_can_go()
    {
        using var database = new TenantDatabase();
        database.Create("""{"id":"tree","name":"tree","fields":[{"type":"relation","name":"up","collectionId":"tree"}]}""");

        Assert.Equal("tree", database.Run(new DeleteCollection("tree")).Name);
    }

    [Fact]
    public void A_deleted_auth_collection_takes_its_sign_ins_along()
    {
        using var database = new TenantDatabase();
        var members = database.Create("""{"name":"members","type":"auth"}""");
        database.Execute($"INSERT INTO _externalAuths (collectionRef, recordRef, provider, providerId) VALUES ('{members.Id}', 'r', 'p', '1'), ('_pb_users_auth_', 'r', 'p', '2')");

        database.Run(new DeleteCollection("members"));

        Assert.Equal(["_pb_users_auth_"], database.Rows("SELECT collectionRef FROM _externalAuths"));
    }

    [Fact]
    public void System_collections_stay()
    {
        using var database = new TenantDatabase();

        Assert.Equal(400, database.Refused(new DeleteCollection("_superusers")).Status);
        Assert.Equal(404, database.Refused(new DeleteCollection("nope")).Status);
    }
}
