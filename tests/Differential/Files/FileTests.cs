using System.Buffers.Binary;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Platform.Differential.Tests.Support;

namespace Platform.Differential.Tests.Files;

/// <summary>Forms with and without files, and what is served of them.</summary>
[Collection(PeersCollection.Name)]
public sealed class FileTests(Peers peers) : IAsyncLifetime
{
    private const string Records = "api/collections/papers/records";

    /// <summary>A PNG of 60 x 40 pixels, one colour.</summary>
    private static readonly byte[] Picture = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAADwAAAAoCAIAAAAt2Q6oAAAAQ0lEQVR4nO3OUQkAIBBAMZP4bf8UxjKG72CwAFt3n3HW94F0mLS0dIC0tHSAtLR0gLS0dIC0tHSAtLR0gLS0dMDI9AOfWePIkZgPHQAAAABJRU5ErkJggg==");

    private static int _next;

    /// <inheritdoc/>
    public Task InitializeAsync() => peers.CreateCollectionOnceAsync("""
        {"id":"papers000000000","name":"papers","type":"base","listRule":"","viewRule":"","createRule":"","updateRule":"","deleteRule":"",
         "fields":[
            {"name":"title","type":"text"},{"name":"count","type":"number"},{"name":"flag","type":"bool"},{"name":"data","type":"json"},
            {"name":"labels","type":"select","maxSelect":3,"values":["a","b","c"]},
            {"name":"tags","type":"relation","maxSelect":4,"collectionId":"tags00000000000"},
            {"name":"cover","type":"file","thumbs":["30x30","20x0","0x10","30x20t","30x20b","30x20f"]},
            {"name":"pages","type":"file","maxSelect":3,"maxSize":2000},
            {"name":"image","type":"file","mimeTypes":["image/png"]},
            {"name":"secret","type":"file","protected":true}]}
        """);

    /// <inheritdoc/>
    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Without a list in one part, which 0.22 does not read: it wants the part repeated.</summary>
    [Fact]
    public async Task Text_parts_are_cast_alike()
    {
        await AssertFormsAsync(
            [("title", "a"), ("count", "5"), ("flag", "true"), ("data", "{\"a\":[1,2]}")],
            [("title", ""), ("count", ""), ("flag", ""), ("data", "")],
            [("title", "[1]"), ("count", "x"), ("flag", "maybe"), ("data", "text")],
            [("labels", "a"), ("labels", "b")],
            [("labels", "a")],
            [("labels", "")],
            [("labels", "nope")],
            [("tags", "tags00000000001"), ("tags", "tags00000000002")],
            [("tags", "missing00000000")],
            [("data", "12")], [("data", "\"12\"")], [("data", "true")], [("data", "null")], [("data", "[broken")],
            [("title", "12")], [("title", "true")], [("title", "null")], [("title", "  blanks  ")], [("title", "Ärger 😀")],
            [("@jsonPayload", "{\"title\":\"of the payload\",\"count\":3}")],
            [("@jsonPayload", "{\"title\":\"of the payload\"}"), ("count", "4")],
            [("unknown", "x")]);
    }

    /// <summary>
    /// Without a list in one part, as above. Of a part that is repeated 0.22 takes the first, unless the part is named as a
    /// field of many values is; since 0.23 repeated parts are a list in any case.
    /// </summary>
    [Fact]
    public async Task Modifiers_in_parts_are_alike()
    {
        var differences = new List<string>();
        const string Id = "paperformparts0";
        const string Tag = "tags0000000000";
        (string Name, string Value)[][] forms =
        [
            [("title", "first"), ("count", "1"), ("labels", "a"), ("labels", "b"), ("tags", Tag + "1")],
            [("count+", "2")], [("count-", "0.5")], [("count+", "x")], [("count", "7"), ("count+", "1")],
            [("labels+", "c")], [("labels-", "a")], [("labels-", "b")], [("labels", "a"), ("labels", "b")],
            [("labels+", "nope")], [("labels", "c"), ("labels+", "a")],
            [("tags+", Tag + "2")], [("tags-", Tag + "2")], [("tags+", Tag + "1")], [("tags+", "missing00000000")],
            [("labels", "a"), ("labels", "")], [("tags", Tag + "1"), ("tags", Tag + "2"), ("tags", Tag + "1")], [("tags", "")],
            [("@jsonPayload", "{\"labels\":[\"a\",\"b\"],\"count+\":3}")], [("@jsonPayload", "{\"labels-\":[\"a\"]}")],
            [("@jsonPayload", "{\"tags+\":[\"tags00000000002\",\"tags00000000003\"],\"data\":{\"a\":[1]}}")],
            [("@jsonPayload", "{\"labels\":[\"c\"]}"), ("labels+", "a")],
        ];
        foreach (var parts in forms)
        {
            var isFirst = parts == forms[0];
            MultipartFormDataContent Form()
            {
                var form = new MultipartFormDataContent();
                if (isFirst) form.Add(new StringContent(Id), "id");
                foreach (var (name, value) in parts) form.Add(new StringContent(value, Encoding.UTF8), name);
                return form;
            }

            var shown = string.Join("&", parts.Select(part => $"{part.Name}={part.Value}"));
            await CompareFormAsync(
                isFirst ? "POST" : "PATCH", isFirst ? Records : $"{Records}/{Id}", Form, shown, differences, isServed: false);
        }

        Assert.True(differences.Count == 0, $"{differences.Count} of {forms.Length} differ.\n{string.Join("\n\n", differences)}");
    }

    [Fact]
    public async Task Files_are_kept_named_and_refused_alike()
    {
        var differences = new List<string>();
        foreach (var (field, file, bytes) in new[]
        {
            ("cover", "cover.png", Picture), ("cover", "no extension", "plain text"u8.ToArray()), ("cover", "Ünï cödé (1).TXT", "text"u8.ToArray()),
            ("cover", "../../upper.txt", "text"u8.ToArray()), ("cover", "a.b.c.tar.gz", "zip"u8.ToArray()), ("cover", "page.html", "<html><body>x</body></html>"u8.ToArray()),
            ("cover", "drawing.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>"u8.ToArray()), ("cover", "data.json", "{\"a\":1}"u8.ToArray()),
            ("pages", "large.txt", new byte[3000]), ("pages", "fits.txt", new byte[1999]),
            ("cover", "empty.txt", []), ("pages", "empty.png", []), ("image", "empty.png", []),
            ("image", "right.png", Picture), ("image", "wrong.png", "text"u8.ToArray()), ("image", "named.txt", Picture),
        })
        {
            MultipartFormDataContent Form()
            {
                var form = new MultipartFormDataContent { { new StringContent(NextId()), "id" } };
                var content = new ByteArrayContent(bytes);
                content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/octet-stream");
                form.Add(content, field, file);
                return form;
            }

            await CompareFormAsync("POST", Records, Form, $"{field}: {file}", differences, isServed: true);
        }

        Assert.True(differences.Count == 0, string.Join("\n\n", differences));
    }

    [Fact]
    public async Task Thumbs_have_the_same_sizes()
    {
        var differences = new List<string>();
        MultipartFormDataContent Form() => new()
        {
            { new StringContent(NextId()), "id" },
            { new ByteArrayContent(Picture), "cover", "cover.png" },
        };
        var (pocketBase, platform) = await SendFormAsync("POST", Records, Form);
        foreach (var query in (string[])
        [
            "", "?thumb=30x30", "?thumb=20x0", "?thumb=0x10", "?thumb=30x20t", "?thumb=30x20b", "?thumb=30x20f", "?thumb=100x100", "?thumb=77x77",
            "?thumb=nope", "?thumb=", "?download=1", "?download=0", "?download", "?thumb=30x30&download=1",
        ])
        {
            var left = await ServeAsync(peers.PocketBase, pocketBase, "cover", query);
            var right = await ServeAsync(peers.Platform, platform, "cover", query);
            if (left != right) differences.Add($"{query}\n  PocketBase: {left}\n  platform:   {right}");
        }

        Assert.True(differences.Count == 0, string.Join("\n\n", differences));
    }

    [Fact]
    public async Task A_protected_file_needs_a_token()
    {
        var differences = new List<string>();
        MultipartFormDataContent Form() => new()
        {
            { new StringContent(NextId()), "id" },
            { new ByteArrayContent("secret"u8.ToArray()), "secret", "secret.txt" },
        };
        var (pocketBase, platform) = await SendFormAsync("POST", Records, Form);
        foreach (var query in (string[])["", "?token=", "?token=nope", "?token={anna}", "?token={superuser}"])
        {
            var answers = new List<string>();
            foreach (var (peer, record) in new[] { (peers.PocketBase, pocketBase), (peers.Platform, platform) })
            {
                var at = query;
                foreach (var who in new[] { "anna", ApiCall.Superuser })
                {
                    if (!query.Contains(who, StringComparison.Ordinal)) continue;
                    var token = await peer.MustAsync(new ApiCall("POST", "api/files/token", As: who));
                    at = query.Replace("{" + who + "}", token!["token"]!.GetValue<string>(), StringComparison.Ordinal);
                }

                answers.Add(await ServeAsync(peer, record, "secret", at));
            }

            if (answers[0] != answers[1]) differences.Add($"{query}\n  PocketBase: {answers[0]}\n  platform:   {answers[1]}");
        }

        Assert.True(differences.Count == 0, string.Join("\n\n", differences));
    }

    private static string? FileName(JsonNode? record, string field) => record?[field] switch
    {
        JsonArray { Count: > 0 } names => names[0]!.GetValue<string>(),
        JsonValue name => name.GetValue<string>(),
        _ => null,
    };

    /// <summary>Status, the headers that browsers act on, and the picture's size or the bytes.</summary>
    private static async Task<string> ServeAsync(Peer peer, JsonNode? record, string field, string query)
    {
        var path = $"api/files/papers/{record!["id"]!.GetValue<string>()}/{Uri.EscapeDataString(FileName(record, field)!)}{query}";
        var answer = await peer.SendAsync("GET", path, content: null, who: null);
        if (answer.Status != 200) return answer.Status.ToString(CultureInfo.InvariantCulture);
        var isPicture = answer.Bytes.Length > 24 && answer.Bytes.AsSpan(1).StartsWith("PNG"u8);
        var content = isPicture
            ? $"{BinaryPrimitives.ReadInt32BigEndian(answer.Bytes.AsSpan(16))}x{BinaryPrimitives.ReadInt32BigEndian(answer.Bytes.AsSpan(20))}"
            : $"{answer.Bytes.Length} bytes";
        var headers = new[] { "Content-Type", "Content-Disposition", "Content-Security-Policy", "Accept-Ranges", "Cache-Control" }
            .Select(name => $"{name}: {Normalisation.WithoutRandomNames(answer.Headers.GetValueOrDefault(name, "-"))}");
        return $"{answer.Status} {content} {string.Join("; ", headers)}";
    }

    private static string NextId() => "paper" + _next.ToString("D10", CultureInfo.InvariantCulture);

    private async Task AssertFormsAsync(params (string Name, string Value)[][] forms)
    {
        var differences = new List<string>();
        foreach (var parts in forms)
        {
            MultipartFormDataContent Form()
            {
                var form = new MultipartFormDataContent();
                if (!parts.Any(part => part.Name == "@jsonPayload")) form.Add(new StringContent(NextId()), "id");
                foreach (var (name, value) in parts)
                {
                    // The payload of the form names the id of its record itself.
                    var text = name == "@jsonPayload" ? value.Insert(1, $"\"id\":\"{NextId()}\",") : value;
                    form.Add(new StringContent(text, Encoding.UTF8), name);
                }

                return form;
            }

            var shown = string.Join("&", parts.Select(part => $"{part.Name}={part.Value}"));
            await CompareFormAsync("POST", Records, Form, shown, differences, isServed: false);
        }

        Assert.True(differences.Count == 0, $"{differences.Count} of {forms.Length} differ.\n{string.Join("\n\n", differences)}");
    }

    private async Task<(JsonNode? PocketBase, JsonNode? Platform)> SendFormAsync(
        string method, string path, Func<HttpContent> form)
    {
        _next++;
        var left = await peers.PocketBase.SendAsync(method, path, form(), ApiCall.Superuser);
        var right = await peers.Platform.SendAsync(method, path, form(), ApiCall.Superuser);
        Assert.True(left.Status == 200 && right.Status == 200, $"{left}\n{right}");
        return (left.Json, right.Json);
    }

    private async Task CompareFormAsync(
        string method, string path, Func<HttpContent> form, string shown, List<string> differences, bool isServed)
    {
        _next++;
        var left = await peers.PocketBase.SendAsync(method, path, form(), ApiCall.Superuser);
        var right = await peers.Platform.SendAsync(method, path, form(), ApiCall.Superuser);
        var (expected, actual) = Normalisation.OfBoth(left, right);
        if (JsonDifference.Find(expected, actual) is { } difference)
            differences.Add($"{shown}\n  {difference}\n  PocketBase: {left}\n  platform:   {right}");
        if (!isServed || left.Status != 200 || right.Status != 200) return;
        var field = shown[..shown.IndexOf(':', StringComparison.Ordinal)];
        var served = await ServeAsync(peers.PocketBase, left.Json, field, "");
        var servedToo = await ServeAsync(peers.Platform, right.Json, field, "");
        if (served != servedToo) differences.Add($"{shown}\n  PocketBase: {served}\n  platform:   {servedToo}");
    }
}
