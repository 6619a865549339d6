using System.IO.Compression;
using System.Text.Json;

namespace Platform.Pbm.Tests.Tenants;

public sealed class TenantTransferTests
{
    private const string Import = "POST /api/cp/tenants/acme/import";

    private const string Imported = """
        {"id":"acme","url":"http://acme.localhost:8090","imported":{"layout":"current","collections":2,"records":7,"files":1,
        "fileBytes":5,"databaseBytes":4096,"undo":null},"warnings":["Hooks do not run here."]}
        """;

    [Fact]
    public async Task A_folder_is_zipped_while_it_is_sent_without_what_is_derived()
    {
        await using var server = (await AdminServer.StartAsync()).Answers(Import, 201, Imported);
        using var run = new PbmRun();
        Write(run, "app/pb_data/data.db", "database");
        Write(run, "app/pb_data/data.db-wal", "wal");
        Write(run, "app/pb_data/auxiliary.db", "logs");
        Write(run, "app/pb_data/types.d.ts", "types");
        Write(run, "app/pb_data/storage/c/r/photo.png", "photo");
        Write(run, "app/pb_data/storage/c/r/photo.png.attrs", "attributes");
        Write(run, "app/pb_data/storage/c/r/thumbs_photo.png/50x50_photo.png", "thumb");
        Write(run, "app/pb_hooks/main.pb.js", "hook");
        Assert.Equal(0, await run.RunAsync(server, "tenant", "import", "acme", "app"));
        Assert.Contains("Imported 7 records of 2 collections and 1 files", run.Output, StringComparison.Ordinal);
        Assert.Contains("Warning: Hooks do not run here.", run.Output, StringComparison.Ordinal);
        Assert.Contains("http://acme.localhost:8090", run.Output, StringComparison.Ordinal);
        Assert.Contains("Not sent: pb_hooks.", run.Errors, StringComparison.Ordinal);
        await using var zip = new ZipArchive(new MemoryStream(server.Bodies.Single()), ZipArchiveMode.Read);
        Assert.Equal(
            ["auxiliary.db", "data.db", "data.db-wal", "storage/c/r/photo.png"],
            zip.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
        using var reader = new StreamReader(await zip.GetEntry("storage/c/r/photo.png")!.OpenAsync());
        Assert.Equal("photo", await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task A_zip_is_sent_as_it_is_and_the_answer_printed_as_it_came()
    {
        await using var server = (await AdminServer.StartAsync()).Answers(Import, 201, Imported);
        using var run = new PbmRun();
        Write(run, "backup.zip", "what the server judges");
        Assert.Equal(0, await run.RunAsync(server, "--json", "tenant", "import", "acme", "backup.zip"));
        Assert.Equal("what the server judges"u8.ToArray(), server.Bodies.Single());
        Assert.Equal(7, JsonDocument.Parse(run.Output).RootElement.GetProperty("imported").GetProperty("records").GetInt32());
        Assert.Equal("", run.Errors);
    }

    [Fact]
    public async Task Replacing_needs_a_yes()
    {
        await using var server = (await AdminServer.StartAsync()).Answers(Import + "?replace=true", 200, Imported);
        using var run = new PbmRun();
        Write(run, "backup.zip", "zip");
        Assert.Equal(2, await run.RunAsync(server, "tenant", "import", "acme", "backup.zip", "--replace"));
        Assert.Empty(server.Requests);
        Assert.Equal(0, await run.RunAsync(server, "tenant", "import", "acme", "backup.zip", "--replace", "--yes"));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("nothing.zip", "There is no file or folder")]
    [InlineData("empty", "There is no data.db in")]
    public async Task What_is_no_data_is_a_wrong_command_line(string path, string message)
    {
        await using var server = await AdminServer.StartAsync();
        using var run = new PbmRun();
        Directory.CreateDirectory(Path.Combine(run.Folder, "empty"));
        Assert.Equal(2, await run.RunAsync(server, "tenant", "import", "acme", path));
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task What_the_server_refuses_is_printed_with_each_place()
    {
        await using var server = (await AdminServer.StartAsync()).Answers(Import, 400, """
            {"status":400,"message":"The upload was not imported.","data":{"data.db/users/fields/avatar":{"code":"x",
            "message":"The table has no column for this field."}}}
            """);
        using var run = new PbmRun();
        Write(run, "backup.zip", "zip");
        Assert.Equal(1, await run.RunAsync(server, "tenant", "import", "acme", "backup.zip"));
        Assert.Contains("data.db/users/fields/avatar", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_sees_how_much_was_sent()
    {
        await using var server = (await AdminServer.StartAsync()).Answers(Import, 201, Imported);
        using var run = new PbmRun { Keys = [] };
        Write(run, "backup.zip", new string('x', 1024 * 1024));
        Assert.Equal(0, await run.RunAsync(server, "tenant", "import", "acme", "backup.zip"));
        Assert.Contains("Sent 1.0 MiB", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_is_downloaded_whole_and_never_over_a_file()
    {
        await using var server = (await AdminServer.StartAsync())
            .Answers("GET /api/cp/tenants/acme/export", 200, "a zip");
        using var run = new PbmRun();
        Assert.Equal(0, await run.RunAsync(server, "tenant", "export", "acme"));
        var path = Path.Combine(run.Folder, "acme-pb_data.zip");
        Assert.Equal("a zip", await File.ReadAllTextAsync(path));
        Assert.Equal(2, await run.RunAsync(server, "tenant", "export", "acme"));
        Assert.Equal(0, await run.RunAsync(server, "--json", "tenant", "export", "acme", "--output", "other.zip"));
        var answer = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(5, answer.GetProperty("bytes").GetInt32());
        Assert.Equal(1, await run.RunAsync(server, "tenant", "export", "nobody"));
        Assert.Equal(2, Directory.GetFiles(run.Folder).Length);
    }

    private static void Write(PbmRun run, string name, string content)
    {
        var path = Path.Combine(run.Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
