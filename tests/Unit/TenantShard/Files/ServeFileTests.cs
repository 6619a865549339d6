using System.Net;
using System.Text.Json;
using Platform.Testing.Files;

namespace Platform.TenantShard.Tests.Files;

/// <summary>Files over HTTP: headers, ranges, protection and thumbnails.</summary>
public sealed class ServeFileTests(FilesApi api) : IClassFixture<FilesApi>
{
    [Fact]
    public async Task A_text_is_sent_as_an_attachment_with_its_headers_and_a_policy()
    {
        var record = await api.CreateAsync(("one", FilesApi.Text("0123456789"), "digits.txt"));
        using var answer = await api.GetAsync(FilesApi.Url(record, "one"));

        Assert.Equal("text/plain; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal(
            "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox",
            answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal(
            "max-age=2592000, stale-while-revalidate=86400", answer.Headers.GetValues("Cache-Control").Single());
        Assert.Equal(10, answer.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task An_image_is_shown_in_place_unless_a_download_is_asked_for()
    {
        var record = await api.CreateAsync(("one", TestImage.Png(4, 4), "x.png"));
        using var shown = await api.GetAsync(FilesApi.Url(record, "one"));
        using var saved = await api.GetAsync(FilesApi.Url(record, "one") + "?download=1");

        Assert.Equal("image/png", shown.Content.Headers.ContentType!.ToString());
        Assert.Equal("inline", shown.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("attachment", saved.Content.Headers.ContentDisposition!.DispositionType);
    }

    [Theory]
    [InlineData("bytes=0-3", 206, "0123", "bytes 0-3/10")]
    [InlineData("bytes=7-", 206, "789", "bytes 7-9/10")]
    [InlineData("bytes=-2", 206, "89", "bytes 8-9/10")]
    [InlineData("bytes=5-100", 206, "56789", "bytes 5-9/10")]
    [InlineData("bytes=0-1,4-5", 200, "0123456789", null)]
    [InlineData("lines=1-2", 200, "0123456789", null)]
    [InlineData("bytes=10-", 416, null, "bytes */10")]
    public async Task Ranges_are_answered(string range, int status, string? body, string? contentRange)
    {
        var record = await api.CreateAsync(("one", FilesApi.Text("0123456789"), "digits.txt"));
        using var answer = await api.GetAsync(FilesApi.Url(record, "one"), ("Range", range));

        Assert.Equal(status, (int)answer.StatusCode);
        if (body is not null) Assert.Equal(body, await answer.Content.ReadAsStringAsync());
        Assert.Equal(contentRange, answer.Content.Headers.ContentRange?.ToString());
    }

    [Fact]
    public async Task A_file_that_the_store_has_lost_is_not_found_and_that_is_not_cached()
    {
        var record = await api.CreateAsync(("one", FilesApi.Text("x"), "lost.txt"));
        using (await api.GetAsync(FilesApi.Url(record, "one"))) { }
        var id = record.GetProperty("id").GetString()!;
        await foreach (var entry in api.Server.Shard.Objects.ListAsync("tenants/acme/storage/", null, default))
        {
            if (entry.Key.Contains(id, StringComparison.Ordinal))
                await api.Server.Shard.Objects.DeleteAsync([entry.Key], default);
        }

        using var answer = await api.GetAsync(FilesApi.Url(record, "one"));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Null(answer.Headers.CacheControl);
        Assert.Null(answer.Headers.ETag);
    }

    [Fact]
    public async Task An_unchanged_file_is_not_sent_again()
    {
        var record = await api.CreateAsync(("one", FilesApi.Text("same"), "same.txt"));
        using var first = await api.GetAsync(FilesApi.Url(record, "one"));
        var tag = first.Headers.ETag!.ToString();
        using var second = await api.GetAsync(FilesApi.Url(record, "one"), ("If-None-Match", tag));
        var since = first.Content.Headers.LastModified!.Value.ToString("R");
        using var third = await api.GetAsync(FilesApi.Url(record, "one"), ("If-Modified-Since", since));
        using var other = await api.GetAsync(FilesApi.Url(record, "one"), ("If-None-Match", "\"other\""));

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, third.StatusCode);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task A_protected_file_needs_a_file_token_that_passes_the_view_rule()
    {
        var record = await api.CreateAsync(("secret", FilesApi.Text("hidden"), "s.txt"));
        var url = FilesApi.Url(record, "secret");
        var token = (await api.Server.SendAsync("POST", "/api/files/token", token: api.Root)).Text("token");

        Assert.Equal(401, (await api.Server.SendAsync("POST", "/api/files/token")).Status);
        Assert.Equal(404, (await api.Server.SendAsync("GET", url)).Status);
        Assert.Equal(404, (await api.Server.SendAsync("GET", url, token: api.Root)).Status);
        Assert.Equal(404, (await api.Server.SendAsync("GET", $"{url}?token={api.Root}")).Status);
        Assert.Equal(404, (await api.Server.SendAsync("GET", $"{url}?token={token}x")).Status);
        Assert.Equal("hidden", (await api.Server.SendAsync("GET", $"{url}?token={token}")).Body);
        // Proves its owner to nothing but files.
        Assert.Equal(401, (await api.Server.SendAsync("GET", "/api/collections", token: token)).Status);
    }

    [Theory]
    [InlineData("..%2f..%2fdata.db")]
    [InlineData("..%2F..%2F..%2Fdata.db")]
    [InlineData("%2e%2e%2f%2e%2e%2fdata.db")]
    [InlineData("..\\..\\data.db")]
    [InlineData("unknown.txt")]
    public async Task Only_names_that_the_record_has_lead_to_a_file(string name)
    {
        var record = await api.CreateAsync(("one", FilesApi.Text("x"), "x.txt"));
        using var answer = await api.GetAsync($"/api/files/docs/{record.GetProperty("id").GetString()}/{name}");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("100x100", 100, 100)]
    [InlineData("30x20", 30, 20)]
    [InlineData("0x50", 100, 50)]
    [InlineData("30x20f", 30, 15)]
    [InlineData("31x20", 200, 100)]
    public async Task Thumbnails_have_the_listed_sizes_and_others_are_the_original(string size, int width, int height)
    {
        var record = await api.CreateAsync(("one", TestImage.Png(200, 100), "wide.png"));
        var url = $"{FilesApi.Url(record, "one")}?thumb={size}";
        for (var time = 0; time < 2; time++)
        {
            using var answer = await api.GetAsync(url);
            Assert.Equal("image/png", answer.Content.Headers.ContentType!.ToString());
            Assert.Equal((width, height), TestImage.SizeOf(await answer.Content.ReadAsByteArrayAsync()));
        }
    }

    [Fact]
    public async Task A_broken_picture_and_one_that_claims_too_many_pixels_are_served_as_they_are()
    {
        var broken = TestImage.Png(200, 100)[..60];
        var bomb = TestImage.Png(200, 100);
        bomb[16] = 0x7F; // a width of two thousand million pixels
        foreach (var image in new[] { broken, bomb })
        {
            var record = await api.CreateAsync(("one", image, "bad.png"));
            using var answer = await api.GetAsync(FilesApi.Url(record, "one") + "?thumb=100x100");
            Assert.Equal(image, await answer.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task Thumbnails_go_with_their_file()
    {
        var record = await api.CreateAsync(("one", TestImage.Png(200, 100), "wide.png"));
        var id = record.GetProperty("id").GetString()!;
        using (await api.GetAsync(FilesApi.Url(record, "one") + "?thumb=100x100"))
            Assert.Equal(2, (await api.ObjectsAsync(id)).Count);
        await api.Server.SendAsync(
            "PATCH", $"/api/collections/docs/records/{id}", JsonSerializer.Serialize(new { one = "" }));
        await api.UntilObjectsAsync(id, 0);
    }

    [Fact]
    public async Task A_view_serves_the_files_of_the_records_that_it_shows()
    {
        var record = await api.CreateAsync(("one", FilesApi.Text("seen through a view"), "v.txt"));
        await api.Server.CreateCollectionAsync(
            """{"name":"shown","type":"view","viewRule":"","viewQuery":"SELECT id, one FROM docs"}""");
        var url = FilesApi.Url(record, "one").Replace("/docs/", "/shown/", StringComparison.Ordinal);
        Assert.Equal("seen through a view", (await api.Server.SendAsync("GET", url)).Body);
    }
}
