using Platform.Cluster.CommandLine;
using Platform.Cluster.Tests.Support;

namespace Platform.Cluster.Tests.CommandLine;

public sealed class PlatformCommandTests
{
    [Theory]
    [InlineData]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("serve", "--help")]
    public async Task Help_says_how_to_use_it(params string[] arguments)
    {
        var (code, output, error) = await RunAsync(arguments);
        Assert.Equal(0, code);
        Assert.Contains("platform serve [--mode MODE]", output, StringComparison.Ordinal);
        Assert.Empty(error);
    }

    [Fact]
    public async Task Version_is_one_line()
    {
        var (code, output, _) = await RunAsync("--version");
        Assert.Equal(0, code);
        Assert.Matches(@"^platform \d+\.\d+\.\d+\n$", output);
    }

    [Theory]
    [InlineData("unknown command 'serv'; did you mean 'serve'?", "serv")]
    [InlineData("unknown option '--verson'; did you mean '--version'?", "--verson")]
    [InlineData("unknown option '--confg'; did you mean '--config'?", "serve", "--confg", "x")]
    [InlineData("unexpected argument 'platform.zone=a'; settings are given as --set KEY=VALUE", "serve", "platform.zone=a")]
    [InlineData("the option '--set' needs a value", "serve", "--set")]
    [InlineData("may be given once", "serve", "--config", "a", "--config=b")]
    public async Task A_wrong_command_line_is_explained(string expected, params string[] arguments)
    {
        var (code, _, error) = await RunAsync(arguments);
        Assert.Equal(2, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_wrong_setting_is_listed_before_anything_starts()
    {
        var (code, output, error) = await RunAsync("serve", "--set", "platform.zonee=a", "--set=platform.mode=none");
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains("has 2 mistakes", error, StringComparison.Ordinal);
        Assert.Contains("platform.zonee (--set): there is no such key; did you mean 'platform.zone'?", error, StringComparison.Ordinal);
        Assert.Contains("platform.mode (--set)", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_in_one_with_the_store_of_a_cluster_stops_the_start()
    {
        var (code, _, error) = await RunAsync(
            "serve", "--set", "platform.cluster.store=etcd",
            "--set", "platform.cluster.etcd.endpoints=http://127.0.0.1:1",
            "--set", $"platform.cluster.secret={new string('s', 32)}");
        Assert.Equal(2, code);
        Assert.Contains("choose platform.mode control-plane, tenant-node or gateway", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_made_stops_the_start()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("file", "");
        var (code, _, error) = await RunAsync("serve", "--set", $"platform.data-dir={file}/data");
        Assert.Equal(1, code);
        Assert.Contains("cannot be made", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var code = await new PlatformCommand(output, error, TimeProvider.System).RunAsync(arguments);
        return (code, output.ToString(), error.ToString());
    }
}
