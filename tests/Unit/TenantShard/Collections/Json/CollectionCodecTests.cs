using System.Text.Json.Nodes;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.Tests.Collections.Json;

public sealed class CollectionCodecTests
{
    [Fact]
    public void Every_stored_collection_is_written_back_as_it_was()
    {
        using var database = new VectorDatabase();
        var before = Rows(database.Connection);

        foreach (var collection in SchemaLoader.Load(database.Connection).Collections)
            CollectionRow.Update(database.Connection, collection);

        var after = Rows(database.Connection);
        Assert.Equal(16, after.Count);
        foreach (var (name, row) in before) AssertSame(row, after[name]);
    }

    [Fact]
    public void Every_auth_option_is_written_back_as_it_was()
    {
        using var database = new VectorDatabase();

        foreach (var collection in SchemaLoader.Load(database.Connection).Collections)
        {
            if (collection.Type != CollectionType.Auth) continue;
            var written = SystemCollections.ToOptions(AuthOptionsJson.Read(collection.Options));
            var stored = JsonNode.Parse(collection.Options.GetRawText())!;
            // The original stores a list that was never set as null and shows it as empty; it is stored empty here.
            if (stored["oauth2"]!["providers"] is null) stored["oauth2"]!["providers"] = new JsonArray();
            Assert.Equal(stored.ToJsonString(), JsonNode.Parse(written.GetRawText())!.ToJsonString());
        }
    }

    [Fact]
    public void The_api_shows_members_in_the_order_of_the_contract_and_no_secret()
    {
        using var database = new VectorDatabase();
        var users = SchemaLoader.Load(database.Connection).FindByName("users")!;

        var json = JsonNode.Parse(CollectionJson.ToBytes(users, CollectionJson.Write))!.AsObject();

        Assert.Equal(
            ["id", "listRule", "viewRule", "createRule", "updateRule", "deleteRule", "name", "type", "fields",
                "indexes", "created", "updated", "system", "authRule", "manageRule", "authAlert", "oauth2",
                "passwordAuth", "mfa", "otp", "authToken", "passwordResetToken", "emailChangeToken",
                "verificationToken", "fileToken", "verificationTemplate", "resetPasswordTemplate",
                "confirmEmailChangeTemplate"],
            json.Select(member => member.Key));
        Assert.Equal("""{"duration":1209600}""", json["authToken"]!.ToJsonString());
        Assert.DoesNotContain("clientSecret", json.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\"secret\"", json.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_view_shows_its_query()
    {
        using var database = new VectorDatabase();
        var view = SchemaLoader.Load(database.Connection).FindByName("numeric_id_view")!;

        var json = JsonNode.Parse(CollectionJson.ToBytes(view, CollectionJson.Write))!;

        Assert.Equal("select (ROW_NUMBER() OVER()) as id, email from clients", json["viewQuery"]!.GetValue<string>());
    }

    // Older rows lack "help", which every type but autodate has now.
    private static void AssertSame(Dictionary<string, string> before, Dictionary<string, string> after)
    {
        var fields = JsonNode.Parse(before["fields"])!.AsArray();
        var normalised = new JsonArray();
        foreach (var field in fields)
        {
            var members = field!.AsObject().ToDictionary(member => member.Key, member => member.Value?.DeepClone());
            if (members["type"]!.GetValue<string>() != "autodate") members.TryAdd("help", "");
            normalised.Add(new JsonObject(members.OrderBy(member => member.Key, StringComparer.Ordinal)));
        }

        Assert.Equal(normalised.ToJsonString(), JsonNode.Parse(after["fields"])!.ToJsonString());
        Assert.Equal(
            JsonNode.Parse(before["options"])!.ToJsonString(), JsonNode.Parse(after["options"])!.ToJsonString());
        Assert.Equal(
            JsonNode.Parse(before["indexes"])!.ToJsonString(), JsonNode.Parse(after["indexes"])!.ToJsonString());
        foreach (var column in before.Keys.Except(["fields", "options", "indexes"]))
            Assert.Equal(before[column], after[column]);
    }

    private static Dictionary<string, Dictionary<string, string>> Rows(DatabaseConnection connection)
    {
        var rows = new Dictionary<string, Dictionary<string, string>>();
        using var statement = connection.Prepare("SELECT * FROM _collections");
        while (statement.Step())
        {
            var row = Enumerable.Range(0, statement.ColumnCount).ToDictionary(
                statement.ColumnName, column => statement.IsNull(column) ? "NULL" : statement.Text(column));
            rows.Add(row["name"], row);
        }

        return rows;
    }
}
