using System.Globalization;
using System.Net;
using Platform.EndToEnd.Tests.Pbm;
using Platform.EndToEnd.Tests.Support;
using Platform.Testing;
using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Recovery;

/// <summary>What an operator does with a tenant's past, by <c>pbm</c>, while the tenant's users go on.</summary>
internal sealed class RecoveryTour(PlatformProcess platform, string id)
{
    private readonly PbmClient _pbm = new(platform);

    /// <summary>The state after each write: transaction, time, and how many posts there were.</summary>
    private readonly List<(string Txid, string Time, int Posts)> _states = [];

    /// <summary>Writes, each one remembered with what the history says of it.</summary>
    public async Task WriteAsync(ApiClient tenant, int posts)
    {
        for (var count = 0; count < posts; count++)
        {
            var text = new string((char)('a' + (count % 26)), 2000);
            await tenant.CreateRecordAsync("posts", new { text });
            var latest = (await _pbm.SucceedAsync("--json", "tenant", "history", id, "--per-page", "1"))
                .Json().GetProperty("items")[0];
            _states.Add((
                latest.GetProperty("txid").GetString()!, latest.GetProperty("time").GetString()!, await CountAsync(id)));
        }
    }

    public async Task GoBackAndForthAsync()
    {
        foreach (var (txid, _, posts) in _states.Where((_, index) => index % 3 == 0))
        {
            var went = await _pbm.SucceedAsync("--json", "tenant", "restore", id, "--txid", txid, "--yes");
            Assert.Equal(txid, went.Json().GetProperty("restored").GetProperty("txid").GetString());
            Assert.Equal(posts, await CountAsync(id));
        }

        var (last, time, all) = _states[^1];
        var back = await _pbm.SucceedAsync("tenant", "restore", id, "--at", time, "--yes");
        Assert.Contains(last, back.Output, StringComparison.Ordinal);
        Assert.Contains("undoes this", back.Output, StringComparison.Ordinal);
        Assert.Equal(all, await CountAsync(id));
    }

    public async Task CopyAsync()
    {
        var (txid, _, posts) = _states[_states.Count / 2];
        await _pbm.SucceedAsync("tenant", "restore", id, "--txid", txid, "--into", id + "-then");
        Assert.Equal(posts, await CountAsync(id + "-then"));
        var made = await _pbm.SucceedAsync("--json", "tenant", "clone", id, id + "-twin");
        Assert.Equal(id, made.Json().GetProperty("copiedFrom").GetProperty("id").GetString());
        Assert.Equal(await CountAsync(id), await CountAsync(id + "-twin"));

        // Users of the copy sign in with their passwords and write; the source knows nothing of it.
        using var twin = await platform.SignInAsync(id + "-twin");
        await twin.CreateRecordAsync("posts", new { text = "only here" });
        Assert.Equal(await CountAsync(id) + 1, await CountAsync(id + "-twin"));
        var taken = await _pbm.RunAsync("tenant", "clone", id, id + "-twin");
        Assert.Equal(1, taken.ExitCode);
        Assert.Contains("into", taken.Error, StringComparison.Ordinal);
    }

    public async Task BackUpAsync()
    {
        using var folder = new TempFolder();
        await _pbm.SucceedAsync("tenant", "backup", id, "create", "tour");
        Assert.Contains("tour.zip", (await _pbm.SucceedAsync("tenant", "backup", id, "list")).Output, StringComparison.Ordinal);
        await _pbm.SucceedAsync("tenant", "backup", id, "download", "tour", "--output", folder["tour.zip"]);
        var read = await Command.RunAsync(
            "python3",
            [
                "-c",
                """
                import sqlite3, sys, zipfile
                zipfile.ZipFile(sys.argv[1]).extract('data.db', sys.argv[2])
                db = sqlite3.connect(sys.argv[2] + '/data.db')
                print(db.execute('pragma integrity_check').fetchone()[0], db.execute('select count(*) from posts').fetchone()[0])
                """,
                folder["tour.zip"], folder.Path,
            ]);
        var posts = await CountAsync(id);
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"ok {posts}"), read.Output.Trim());
        await _pbm.SucceedAsync("tenant", "backup", id, "delete", "tour", "--yes");
        Assert.Equal(1, (await _pbm.RunAsync("tenant", "backup", id, "download", "tour")).ExitCode);
    }

    /// <summary>Loses the process and the local disk.</summary>
    public async Task LoseTheNodeAsync()
    {
        string[] tenants = [id, id + "-then", id + "-twin"];
        var before = new List<int>();
        foreach (var tenant in tenants) before.Add(await CountAsync(tenant));
        await platform.KillAsync();
        platform.DeleteCache();
        await platform.StartAgainAsync();
        var after = new List<int>();
        foreach (var tenant in tenants) after.Add(await CountAsync(tenant));
        Assert.Equal(before, after);
    }

    public async Task<int> CountAsync(string tenant)
    {
        using var client = new ApiClient(platform.TenantUrl(tenant));
        var answer = await client.GetAsync("api/collections/posts/records?perPage=1");
        return answer.Expect(HttpStatusCode.OK).Json.GetProperty("totalItems").GetInt32();
    }
}
