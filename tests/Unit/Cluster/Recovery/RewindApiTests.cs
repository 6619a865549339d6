namespace Platform.Cluster.Tests.Recovery;

public sealed class RewindApiTests
{
    private const string Acme = RecoveryApi.Acme;

    [Fact]
    public async Task A_tenant_goes_back_to_a_transaction_and_forward_again()
    {
        await using var node = await RecoveryApi.StartAsync(superusers: 3);
        var history = await RecoveryApi.HistoryAsync(node);
        var (status, rewound) = await node.SendAsync("POST", $"{Acme}/rewind", $$"""{"txid":"{{history[0].Txid}}"}""");
        Assert.Equal(200, status);
        Assert.True(rewound.GetProperty("changed").GetBoolean());
        Assert.Equal(history[0], (
            rewound.GetProperty("restored").GetProperty("txid").GetString()!,
            rewound.GetProperty("restored").GetProperty("time").GetString()!));
        Assert.Equal(history.Count + 1, (await RecoveryApi.HistoryAsync(node)).Count);

        // Who signs in writes too: what follows is on top of that.
        Assert.Equal("1", await RecoveryApi.SuperusersAsync(node));
        var undo = rewound.GetProperty("undo").GetString();
        Assert.Equal(history[^1].Txid, undo);
        Assert.Equal(200, (await node.SendAsync("POST", $"{Acme}/rewind", $$"""{"txid":"{{undo}}"}""")).Status);
        Assert.Equal("123", await RecoveryApi.SuperusersAsync(node));
    }

    [Fact]
    public async Task A_moment_includes_what_was_committed_in_it()
    {
        await using var node = await RecoveryApi.StartAsync(superusers: 3);
        var history = await RecoveryApi.HistoryAsync(node);
        var second = history[^2];
        var (status, answer) = await node.SendAsync("POST", $"{Acme}/rewind", $$"""{"at":"{{second.Time}}"}""");
        Assert.Equal(200, status);
        Assert.Equal(second.Txid, answer.GetProperty("restored").GetProperty("txid").GetString());
        var (present, unchanged) = await node.SendAsync(
            "POST", $"{Acme}/rewind", $$"""{"txid":"{{answer.GetProperty("current").GetProperty("txid").GetString()!.TrimStart('0')}}"}""");
        Assert.Equal(200, present);
        Assert.False(unchanged.GetProperty("changed").GetBoolean());
        Assert.Equal("12", await RecoveryApi.SuperusersAsync(node));
    }

    [Fact]
    public async Task A_moment_can_become_a_tenant_of_its_own()
    {
        await using var node = await RecoveryApi.StartAsync(superusers: 3);
        var history = await RecoveryApi.HistoryAsync(node);
        var (status, made) = await node.SendAsync(
            "POST", $"{Acme}/rewind", $$"""{"txid":"{{history[0].Txid}}","into":"acme-then"}""");
        Assert.Equal(201, status);
        Assert.Equal("created", made.GetProperty("status").GetString());
        Assert.Equal("free", made.GetProperty("metadata").GetProperty("plan").GetString());
        Assert.Equal("acme", made.GetProperty("copiedFrom").GetProperty("id").GetString());
        Assert.Equal(history[0].Txid, made.GetProperty("copiedFrom").GetProperty("txid").GetString());
        Assert.Equal("1", await RecoveryApi.SuperusersAsync(node, "acme-then"));
        Assert.Equal("123", await RecoveryApi.SuperusersAsync(node));
    }

    [Fact]
    public async Task A_clone_is_a_tenant_of_its_own()
    {
        await using var node = await RecoveryApi.StartAsync(superusers: 2, "platform.tenant-node.durability=local");
        var (status, made) = await node.SendAsync("POST", $"{Acme}/clone", """{"into":"twin"}""");
        Assert.Equal(201, status);
        Assert.Equal("local", made.GetProperty("durability").GetString());
        await RecoveryApi.AddSuperuserAsync(node, 3, "twin");
        Assert.Equal("123", await RecoveryApi.SuperusersAsync(node, "twin"));
        Assert.Equal("12", await RecoveryApi.SuperusersAsync(node));
        Assert.Equal(404, (await node.SendAsync("POST", "/api/cp/tenants/nobody/clone", """{"into":"x"}""")).Status);
        Assert.Equal(409, (await node.SendAsync("POST", $"{Acme}/clone", """{"into":"twin"}""")).Status);
    }

    [Theory]
    [InlineData("clone", """{"into":"twin"}""")]
    [InlineData("clone", """{"into":"twin","secrets":"new"}""")]
    [InlineData("clone", """{"into":"twin","secrets":"keep"}""")]
    [InlineData("rewind", """{"into":"twin","txid":"1"}""")]
    [InlineData("rewind", """{"into":"twin","txid":"1","secrets":"keep"}""")]
    public async Task Tokens_of_the_source_do_not_open_the_copy_and_passwords_do(string verb, string body)
    {
        await using var node = await RecoveryApi.StartAsync(superusers: 1);
        var token = await RecoveryApi.SignInAsync(node, "acme");
        Assert.Equal(201, (await node.SendAsync("POST", $"{Acme}/{verb}", body)).Status);
        Assert.Equal(200, await RecoveryApi.ListCollectionsAsync(node, "acme", token));
        Assert.NotEqual(200, await RecoveryApi.ListCollectionsAsync(node, "twin", token));
        var own = await RecoveryApi.SignInAsync(node, "twin");
        Assert.Equal(200, await RecoveryApi.ListCollectionsAsync(node, "twin", own));
        Assert.NotEqual(200, await RecoveryApi.ListCollectionsAsync(node, "acme", own));
    }

    [Fact]
    public async Task A_deleted_tenant_is_copied_but_not_rewound()
    {
        await using var node = await RecoveryApi.StartAsync(superusers: 1);
        await node.SendAsync("DELETE", Acme);
        Assert.Equal(409, (await node.SendAsync("POST", $"{Acme}/rewind", """{"txid":"1"}""")).Status);
        Assert.Equal(201, (await node.SendAsync("POST", $"{Acme}/clone", """{"into":"saved"}""")).Status);
        Assert.Equal("1", await RecoveryApi.SuperusersAsync(node, "saved"));
    }

    [Fact]
    public async Task A_moment_outside_of_the_history_names_what_is_retained()
    {
        await using var node = await RecoveryApi.StartAsync(superusers: 2);
        var history = await RecoveryApi.HistoryAsync(node);
        var (_, answer) = await node.SendAsync("POST", $"{Acme}/rewind", """{"at":"2001-01-01T00:00:00Z"}""");
        var message = answer.GetProperty("message").GetString();
        Assert.Contains(history[0].Time, message, StringComparison.Ordinal);
        Assert.Contains(history[^1].Txid, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_is_named_and_the_tenant_goes_on()
    {
        await using var node = await RecoveryApi.StartAsync(superusers: 3);
        var files = node.Folder.File("data/objects/tenants/acme/data.db/ltx/0");
        File.Delete(Directory.GetFiles(files).Order().ElementAt(1));
        var (status, answer) = await node.SendAsync("POST", $"{Acme}/clone", """{"into":"twin"}""");
        Assert.Equal(409, status);
        Assert.Contains("tenants/acme/data.db", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(404, (await node.SendAsync("GET", "/api/cp/tenants/twin")).Status);
        Assert.Equal("123", await RecoveryApi.SuperusersAsync(node));
        var (_, history) = await node.SendAsync("GET", $"{Acme}/history");
        Assert.False(history.GetProperty("isComplete").GetBoolean());
    }

    [Fact]
    public async Task A_damaged_file_is_named()
    {
        await using var node = await RecoveryApi.StartAsync(superusers: 3);
        var history = await RecoveryApi.HistoryAsync(node);
        var file = Directory.GetFiles(node.Folder.File("data/objects/tenants/acme/data.db/ltx/0")).Order().ElementAt(1);
        var content = await File.ReadAllBytesAsync(file);
        content[content.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, content);
        var (status, answer) = await node.SendAsync("POST", $"{Acme}/rewind", $$"""{"txid":"{{history[1].Txid}}"}""");
        Assert.Equal(409, status);
        Assert.Contains(Path.GetFileName(file), answer.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("123", await RecoveryApi.SuperusersAsync(node));
    }

    [Fact]
    public async Task The_history_comes_in_pages()
    {
        await using var node = await RecoveryApi.StartAsync(superusers: 3);
        var all = await RecoveryApi.HistoryAsync(node);
        var (_, first) = await node.SendAsync("GET", $"{Acme}/history?perPage=2");
        Assert.Equal(all.Count, first.GetProperty("totalItems").GetInt32());
        Assert.Equal((all.Count + 1) / 2, first.GetProperty("totalPages").GetInt32());
        Assert.Equal(all[0].Txid, first.GetProperty("earliest").GetProperty("txid").GetString());
        Assert.Equal(all[^1].Txid, first.GetProperty("latest").GetProperty("txid").GetString());
        var (_, second) = await node.SendAsync("GET", $"{Acme}/history?perPage=2&page=2");
        Assert.Equal(
            all.AsEnumerable().Reverse().Take(4).Select(entry => entry.Txid),
            first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray())
                .Select(item => item.GetProperty("txid").GetString()));
        var (_, beyond) = await node.SendAsync("GET", $"{Acme}/history?page=1000000");
        Assert.Equal(0, beyond.GetProperty("items").GetArrayLength());
        var (_, snapshots) = await node.SendAsync("GET", $"{Acme}/history?snapshots=true");
        Assert.Equal(1, snapshots.GetProperty("totalItems").GetInt32());
        foreach (var wrong in new[] { "page=0", "perPage=201", "snapshots=maybe", "per_page=3" })
            Assert.Equal(400, (await node.SendAsync("GET", $"{Acme}/history?{wrong}")).Status);
    }

    [Fact]
    public async Task A_tenant_that_nobody_wrote_to_has_no_history()
    {
        await using var node = await RecoveryApi.StartAsync(superusers: 0);
        var (status, history) = await node.SendAsync("GET", $"{Acme}/history");
        Assert.Equal(200, status);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, history.GetProperty("earliest").ValueKind);
        Assert.True(history.GetProperty("isComplete").GetBoolean());
        Assert.Equal(400, (await node.SendAsync("POST", $"{Acme}/rewind", """{"txid":"1"}""")).Status);
        Assert.Equal(201, (await node.SendAsync("POST", $"{Acme}/clone", """{"into":"twin"}""")).Status);
        Assert.Equal(401, (await node.SendAsync("GET", $"{Acme}/history", token: null)).Status);
    }
}
