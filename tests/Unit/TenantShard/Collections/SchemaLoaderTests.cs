using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Fields;

namespace Platform.TenantShard.Tests.Collections;

public sealed class SchemaLoaderTests
{
    [Fact]
    public void Loads_every_collection_of_a_real_app()
    {
        using var database = new VectorDatabase();

        var schema = SchemaLoader.Load(database.Connection);

        Assert.Equal(
            ["_authOrigins", "_externalAuths", "_mfas", "_otps", "_superusers", "clients", "demo1", "demo2", "demo3",
                "demo4", "demo5", "nologin", "numeric_id_view", "users", "view1", "view2"],
            schema.Collections.Select(collection => collection.Name).Order(StringComparer.Ordinal));
        Assert.Equal(CollectionType.Auth, schema.FindByName("USERS")!.Type);
        Assert.Equal(CollectionType.View, schema.Find("v9gwnfh02gjq1q0")!.Type);
        Assert.True(schema.FindByName("_superusers")!.IsSystem);
    }

    [Fact]
    public void Loads_fields_rules_and_indexes_as_they_are_stored()
    {
        using var database = new VectorDatabase();

        var demo1 = SchemaLoader.Load(database.Connection).FindByName("demo1")!;

        Assert.Equal("id", demo1.Fields[0].Name);
        Assert.True(Assert.IsType<TextField>(demo1.Fields[0]).IsPrimaryKey);
        Assert.Equal(["optionA", "optionB", "optionC"], Assert.IsType<SelectField>(demo1.FindField("select_many")).Values);
        var relation = Assert.IsType<RelationField>(demo1.FindField("rel_many"));
        Assert.Equal(("_pb_users_auth_", 9999, true), (relation.CollectionId, relation.MaxSelect, relation.CascadeDelete));
        Assert.True(Assert.IsType<FileField>(demo1.FindField("file_one")).IsProtected);
        Assert.Null(demo1.ListRule);
        Assert.Equal(["CREATE INDEX `_wsmn24bux7wo113_created_idx` ON `demo1` (`created`)"], demo1.Indexes);
        Assert.Equal("2022-10-10 09:51:19.868Z", demo1.Created);
    }

    [Fact]
    public void Tenants_with_the_same_fields_share_them()
    {
        using var first = new VectorDatabase();
        using var second = new VectorDatabase();
        second.Connection.Execute(
            "UPDATE _collections SET fields = replace(fields, '\"name\":\"title\"', '\"name\":\"label\"') WHERE name = 'demo2'");

        var one = SchemaLoader.Load(first.Connection);
        var other = SchemaLoader.Load(second.Connection);

        Assert.Same(one.FindByName("demo1")!.Fields, other.FindByName("demo1")!.Fields);
        Assert.NotNull(one.FindByName("demo2")!.FindField("title"));
        Assert.Null(other.FindByName("demo2")!.FindField("title"));
    }

    [Fact]
    public void A_row_that_holds_no_collection_is_an_error_that_names_it()
    {
        using var database = new VectorDatabase();
        database.Connection.Execute("UPDATE _collections SET fields = '[{\"type\":\"what\"}]' WHERE name = 'demo2'");

        var fault = Assert.Throws<InvalidDataException>(() => SchemaLoader.Load(database.Connection));

        Assert.Contains("demo2", fault.Message, StringComparison.Ordinal);
    }
}
