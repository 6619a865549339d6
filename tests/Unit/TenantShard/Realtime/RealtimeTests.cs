using Platform.TenantShard.Tests.Http;

namespace Platform.TenantShard.Tests.Realtime;

public sealed class RealtimeTests(BlogApi blog) : IClassFixture<BlogApi>
{
    public static TheoryData<ApiScenario> BadRequests => new()
    {
        Bad("nothing", null, 400, "clientId", "validation_required"),
        Bad("an empty id", """{"clientId":"","subscriptions":[]}""", 400, "clientId", "validation_required"),
        Bad("an id of another type", """{"clientId":5}""", 400, "clientId"),
        Bad("an id too long", $$"""{"clientId":"{{new string('a', 256)}}"}""", 400, "validation_length_out_of_range"),
        Bad("an unknown client", """{"clientId":"nobody","subscriptions":["posts"]}""", 404, "Missing or invalid client id."),
        Bad("subscriptions of another type", """{"clientId":"a","subscriptions":"posts"}""", 400, "subscriptions"),
        Bad("a subscription of another type", """{"clientId":"a","subscriptions":[7]}""", 400, "subscriptions"),
        Bad("a line break", """{"clientId":"a","subscriptions":["posts\nevent:x"]}""", 400, "subscriptions"),
        Bad(
            "a subscription too long", $$"""{"clientId":"a","subscriptions":["{{new string('a', 2501)}}"]}""", 400,
            "subscriptions", "validation_length_too_long"),
        Bad(
            "too many subscriptions",
            $$"""{"clientId":"a","subscriptions":[{{string.Join(',', Enumerable.Repeat("\"a\"", 1001))}}]}""", 400,
            "subscriptions", "validation_length_too_long"),
    };

    private HttpClient Client => blog.Server.Client;

    [Theory]
    [MemberData(nameof(BadRequests))]
    public Task Bad_subscriptions_are_refused(ApiScenario scenario) => blog.RunAsync(scenario);

    [Fact]
    public async Task A_client_gets_what_its_rules_let_it_see_and_nothing_else()
    {
        using var ann = await EventStream.OpenAsync(Client);
        using var guest = await EventStream.OpenAsync(Client);
        Assert.Equal(204, await ann.SubscribeAsync(blog.Tokens[BlogApi.Ann], "posts/*"));
        Assert.Equal(204, await guest.SubscribeAsync(null, "posts"));
        var hidden = await CreatePostAsync(isPublished: false);
        await ann.ExpectAsync("posts/*", "create", hidden);
        await DeleteAsync("posts", hidden);
        await ann.ExpectAsync("posts/*", "delete", hidden);
        var open = await CreatePostAsync(isPublished: true);
        await guest.ExpectAsync("posts", "create", open);
        await ann.ExpectAsync("posts/*", "create", open);
        await DeleteAsync("posts", open);
        await guest.ExpectAsync("posts", "delete", open);
    }

    [Fact]
    public async Task Options_choose_fields_and_relations_and_name_the_message()
    {
        const string Topic =
            """posts/*?options={"query":{"fields":"id,expand.author.name","expand":"author","filter":"published=true"}}""";
        using var ann = await EventStream.OpenAsync(Client);
        await ann.SubscribeAsync(blog.Tokens[BlogApi.Ann], Topic);
        await CreatePostAsync(isPublished: false);
        var id = await CreatePostAsync(isPublished: true);
        var message = await ann.NextAsync();
        Assert.Equal(Topic, message!.Name);
        Assert.Equal(
            "{\"id\":\"" + id + "\",\"expand\":{\"author\":{\"name\":\"ann\"}}}", message.Record.GetRawText());
    }

    [Fact]
    public async Task An_event_is_judged_and_shown_as_the_change_left_the_record()
    {
        var root = blog.Tokens[BlogApi.Root];
        using var guest = await EventStream.OpenAsync(Client);
        using var ann = await EventStream.OpenAsync(Client);
        await guest.SubscribeAsync(null, "posts/*?options={\"query\":{\"filter\":\"rank='7'\"}}");
        await ann.SubscribeAsync(blog.Tokens[BlogApi.Ann], "posts/*?options={\"query\":{\"expand\":\"author\"}}");
        const string Post = "/api/collections/posts/records";
        await blog.Server.SendAsync("PATCH", "/api/settings", """{"batch":{"enabled":true}}""", root);
        var answer = await blog.Server.SendAsync("POST", "/api/batch", $$$"""
            {"requests":[
              {"method":"POST","url":"{{{Post}}}","body":{"id":"flash0000000001","title":"First","published":true,"rank":7,"author":"{{{blog.Ids["ann"]}}}"}},
              {"method":"PATCH","url":"{{{Post}}}/flash0000000001","body":{"title":"Second","published":false}},
              {"method":"PATCH","url":"{{{Post}}}/flash0000000001","body":{"title":"Third","published":true,"rank":8}},
              {"method":"PATCH","url":"{{{Post}}}/flash0000000001","body":{"title":"Fourth","rank":7}},
              {"method":"DELETE","url":"{{{Post}}}/flash0000000001"}
            ]}
            """, root);
        Assert.Equal(200, answer.Status);
        var heard = new List<string>();
        foreach (var (stream, events) in new[] { (guest, 3), (ann, 5) })
        {
            for (var index = 0; index < events; index++)
            {
                var message = await stream.NextAsync();
                heard.Add($"{message!.Action} {message.Record.GetProperty("title").GetString()}");
                if (stream == ann)
                    Assert.Equal("ann", message.Record.GetProperty("expand").GetProperty("author").GetProperty("name").GetString());
            }
        }

        Assert.Equal(
            ["create First", "update Fourth", "delete Fourth",
             "create First", "update Second", "update Third", "update Fourth", "delete Fourth"], heard);
    }

    [Fact]
    public async Task One_record_can_be_followed_by_the_id_of_its_collection()
    {
        var id = await CreatePostAsync(isPublished: true);
        var other = await CreatePostAsync(isPublished: true);
        var collection = blog.Server.Shard.Schema.FindByName("posts")!.Id;
        using var guest = await EventStream.OpenAsync(Client);
        await guest.SubscribeAsync(null, $"{collection}/{id}");
        await PatchAsync("posts", other, """{"title":"Another"}""");
        await PatchAsync("posts", id, """{"title":"Renamed"}""");
        var message = await guest.NextAsync();
        Assert.Equal(("update", "Renamed"), (message!.Action, message.Record.GetProperty("title").GetString()));
        Assert.False(message.Record.TryGetProperty("note", out _), "A hidden field is hidden here too.");
    }

    [Fact]
    public async Task A_cascade_tells_of_each_record()
    {
        var post = await CreatePostAsync(isPublished: true);
        var root = blog.Tokens[BlogApi.Root];
        var comment = await blog.Server.CreateAsync("comments", $$"""{"post":"{{post}}","text":"hello"}""", root);
        using var guest = await EventStream.OpenAsync(Client);
        await guest.SubscribeAsync(null, "comments/*");
        await DeleteAsync("posts", post);
        await guest.ExpectAsync("comments/*", "delete", comment);
    }

    [Fact]
    public async Task Another_identity_is_refused_and_a_guest_may_log_in()
    {
        using var stream = await EventStream.OpenAsync(Client);
        Assert.Equal(204, await stream.SubscribeAsync(null, "posts"));
        Assert.Equal(204, await stream.SubscribeAsync(blog.Tokens[BlogApi.Ann], "posts"));
        Assert.Equal(204, await stream.SubscribeAsync(blog.Tokens[BlogApi.Ann]));
        Assert.Equal(403, await stream.SubscribeAsync(blog.Tokens[BlogApi.Bob], "posts"));
        Assert.Equal(403, await stream.SubscribeAsync(null, "posts"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_new_password_or_a_delete_ends_the_rights_of_who_listens(bool isDeleted)
    {
        var root = blog.Tokens[BlogApi.Root];
        var name = isDeleted ? "deleted" : "renewed";
        const string Password = "carol-password";
        var carol = await blog.Server.CreateAsync(
            "users",
            $$"""{"email":"{{name}}@example.com","password":"{{Password}}","passwordConfirm":"{{Password}}"}""", root);
        var token = await blog.Server.LoginAsync("users", $"{name}@example.com", Password);
        using var stream = await EventStream.OpenAsync(Client);
        await stream.SubscribeAsync(token, "posts/*");
        var first = await CreatePostAsync(isPublished: false, author: carol);
        await stream.ExpectAsync("posts/*", "create", first);
        if (isDeleted)
        {
            await DeleteAsync("users", carol);
            // A post without an author has, in the rule's eyes, the author that a guest is.
            await stream.ExpectAsync("posts/*", "update", first);
        }
        else
        {
            await PatchAsync("users", carol, """{"password":"another-password","passwordConfirm":"another-password"}""");
            await CreatePostAsync(isPublished: false, author: carol);
        }

        var open = await CreatePostAsync(isPublished: true);
        await stream.ExpectAsync("posts/*", "create", open);
        // Who has no rights any more may become somebody else.
        Assert.Equal(204, await stream.SubscribeAsync(blog.Tokens[BlogApi.Bob], "posts/*"));
    }

    [Fact]
    public async Task Two_hundred_clients_get_every_message_in_order()
    {
        const int Clients = 200;
        const int Messages = 25;
        using var many = new HttpClient(
            new SocketsHttpHandler { MaxConnectionsPerServer = Clients + 10 });
        many.BaseAddress = Client.BaseAddress;
        var streams = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => EventStream.OpenAsync(many)));
        try
        {
            foreach (var stream in streams)
                Assert.Equal(204, await stream.SubscribeAsync(blog.Tokens[BlogApi.Bob], "comments/*"));
            var post = blog.Ids["post"];
            var ids = new List<string>();
            for (var index = 0; index < Messages; index++)
                ids.Add(await blog.Server.CreateAsync("comments", $$"""{"post":"{{post}}"}""", blog.Tokens[BlogApi.Root]));
            await Task.WhenAll(streams.Select(ExpectAllAsync)).WaitAsync(TimeSpan.FromSeconds(60));

            async Task ExpectAllAsync(EventStream stream)
            {
                foreach (var id in ids) await stream.ExpectAsync("comments/*", "create", id);
            }
        }
        finally
        {
            foreach (var stream in streams) stream.Dispose();
        }
    }

    private static ApiScenario Bad(string name, string? body, int status, params string[] contains) => new()
    {
        Name = name,
        Method = "POST",
        Path = "/api/realtime",
        Body = body,
        Status = status,
        Contains = contains,
    };

    private Task<string> CreatePostAsync(bool isPublished, string? author = null) => blog.Server.CreateAsync(
        "posts",
        $$"""
        {"title":"Some title","published":{{(isPublished ? "true" : "false")}},"author":"{{author ?? blog.Ids["ann"]}}"}
        """,
        blog.Tokens[BlogApi.Root]);

    private async Task PatchAsync(string collection, string id, string body)
    {
        var answer = await blog.Server.SendAsync(
            "PATCH", $"/api/collections/{collection}/records/{id}", body, blog.Tokens[BlogApi.Root]);
        Assert.Equal(200, answer.Status);
    }

    private async Task DeleteAsync(string collection, string id)
    {
        var answer = await blog.Server.SendAsync(
            "DELETE", $"/api/collections/{collection}/records/{id}", token: blog.Tokens[BlogApi.Root]);
        Assert.Equal(204, answer.Status);
    }
}
