using System.Net;
using System.Net.Sockets;
using Platform.EndToEnd.Tests.Support;
using Platform.Testing;
using Platform.Testing.ObjectStores;
using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Startup;

/// <summary>What does not let the platform start is said in one sentence with an exit code, never by a stack trace.</summary>
public sealed class StartRefusalTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = taken.LocalEndpoint.ToString()!;
        var error = await RefusedAsync(1, $"platform.data-dir={_folder["data"]}", $"platform.http.listen={address}");
        Assert.Contains(address, error, StringComparison.Ordinal);
        Assert.Contains("in use", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/proc/no-such-folder")]
    [InlineData("/sys/kernel")]
    public async Task A_data_folder_that_cannot_be_written_is_named(string path)
    {
        var error = await RefusedAsync(1, $"platform.data-dir={path}", "platform.http.listen=127.0.0.1:0");
        Assert.Contains(path, error, StringComparison.Ordinal);
        Assert.Contains("data-dir", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_that_is_a_file_is_named()
    {
        await File.WriteAllTextAsync(_folder["file"], "not a folder");
        var error = await RefusedAsync(1, $"platform.data-dir={_folder["file"]}", "platform.http.listen=127.0.0.1:0");
        Assert.Contains(_folder["file"], error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_process_on_the_same_folder_is_refused_and_the_first_lives_on()
    {
        await using var first = await PlatformProcess.StartAsync();
        var error = await RefusedAsync(1, $"platform.data-dir={first.DataFolder}", "platform.http.listen=127.0.0.1:0");
        Assert.Contains("in use by another process", error, StringComparison.Ordinal);
        using var client = new ApiClient(first.Url);
        (await client.GetAsync("ready")).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("platform.http.lisen=127.0.0.1:0", "platform.http.listen")]
    [InlineData("platform.tenant-node.max-active=many", "platform.tenant-node.max-active")]
    [InlineData("platform.tenant-node.max-active=0", "platform.tenant-node.max-active")]
    [InlineData("platform.cluster.lease-ttl=10", "platform.cluster.lease-ttl")]
    [InlineData("platform.object-store.kind=s3", "platform.object-store.s3.bucket")]
    public async Task A_wrong_key_or_value_is_named_with_what_would_be_right(string setting, string named)
    {
        var error = await RefusedAsync(2, $"platform.data-dir={_folder["data"]}", setting);
        Assert.Contains(named, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["data"]), "nothing is made before the configuration is good");
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_named()
    {
        var result = await Command.RunAsync(
            BuiltProgram.Platform,
            [.. Serve(
                $"platform.data-dir={_folder["data"]}",
                "platform.http.listen=127.0.0.1:0",
                "platform.object-store.kind=s3",
                "platform.object-store.s3.endpoint=http://127.0.0.1:9",
                "platform.object-store.s3.bucket=none",
                "platform.object-store.s3.access-key=nobody",
                "platform.object-store.s3.secret-key=nothing-at-all")]);
        AssertSaid(result, 1);
        Assert.Contains("127.0.0.1:9", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_ignores_conditional_writes_is_refused_with_the_reason()
    {
        await using var server = new ScriptedS3Server { HonoursConditions = false };
        var error = await RefusedAsync(
            1,
            $"platform.data-dir={_folder["data"]}",
            "platform.http.listen=127.0.0.1:0",
            "platform.object-store.kind=s3",
            $"platform.object-store.s3.endpoint={server.Endpoint}",
            "platform.object-store.s3.bucket=bucket",
            "platform.object-store.s3.access-key=nobody",
            "platform.object-store.s3.secret-key=nothing-at-all");
        Assert.Contains("'bucket'", error, StringComparison.Ordinal);
        Assert.Contains("does not honour conditional writes (If-None-Match: *)", error, StringComparison.Ordinal);
        Assert.Contains("Use a server that does", error, StringComparison.Ordinal);
        Assert.DoesNotContain("nothing-at-all", error, StringComparison.Ordinal);
    }

    private static async Task<string> RefusedAsync(int exitCode, params string[] settings)
    {
        var result = await Command.RunAsync(BuiltProgram.Platform, Serve(settings));
        AssertSaid(result, exitCode);
        return result.Error;
    }

    internal static void AssertSaid(CommandResult result, int exitCode)
    {
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.NotEqual("", result.Error.Trim());
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", result.Error, StringComparison.Ordinal);
    }

    internal static IEnumerable<string> Serve(params string[] settings) =>
        ["serve", .. settings.SelectMany(setting => new[] { "--set", setting })];
}
