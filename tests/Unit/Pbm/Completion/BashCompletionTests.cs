using System.Diagnostics;

namespace Platform.Pbm.Tests.Completion;

public sealed class BashCompletionTests
{
    [Theory]
    [InlineData("pbm|", "tenant cluster node snapshot completion")]
    [InlineData("pbm|te", "tenant")]
    [InlineData(
        "pbm|tenant|",
        "create list show locate migrate delete undelete purge restore history clone backup import export")]
    [InlineData("pbm|--server|http|tenant|re", "restore")]
    [InlineData("pbm|tenant|list|--s", "--search --status --server")]
    [InlineData("pbm|tenant|create|acme|--durability|l", "local")]
    [InlineData("pbm|tenant|create|acme|--domain|t", "")]
    [InlineData("pbm|tenant|show|a", "")]
    public async Task Bash_completes_with_the_script(string words, string offered)
    {
        using var pbm = new PbmRun();
        Assert.Equal(0, await pbm.RunAsync("completion", "bash"));
        var line = string.Join(' ', words.Split('|').Select(word => $"'{word}'"));
        var start = new ProcessStartInfo("bash") { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var bash = Process.Start(start)!;
        await bash.StandardInput.WriteAsync(
            $$"""
            set -eu
            {{pbm.Output}}
            COMP_WORDS=({{line}}); COMP_CWORD=$(({{"${#COMP_WORDS[@]}"}} - 1)); _pbm; echo "{{"${COMPREPLY[*]-}"}}"

            """);
        bash.StandardInput.Close();
        var answer = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();

        Assert.Equal(offered, answer.Trim());
        Assert.Equal(0, bash.ExitCode);
    }
}
