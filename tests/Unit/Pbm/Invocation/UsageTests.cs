using Platform.Pbm.Invocation;

namespace Platform.Pbm.Tests.Invocation;

public sealed class UsageTests
{
    [Theory]
    [InlineData("tennat list", "has no command 'tennat'. Did you mean 'tenant'?", "tenant, cluster, node")]
    [InlineData("frobnicate", "has no command 'frobnicate'.", "tenant, cluster, node")]
    [InlineData("tenant lsit", "`pbm tenant` has no verb 'lsit'. Did you mean 'list'?", "create, list, show")]
    [InlineData("tenant", "`pbm tenant` needs a verb.", "create, list, show")]
    [InlineData("tenant list --serch x", "no option '--serch'. Did you mean '--search'?", "--per-page")]
    [InlineData("tenant list --tokn=hunter22", "no option '--tokn'. Did you mean '--token'?", "--server")]
    [InlineData("tenant show", "'ID'", "pbm tenant show --help")]
    [InlineData("tenant show a b", "does not know what to do with 'b'", "pbm tenant show --help")]
    [InlineData("tenant list --page 0", "at least 1, not '0'", "")]
    [InlineData("tenant list --page x", "at least 1, not 'x'", "")]
    [InlineData("tenant list --page", "--page", "")]
    [InlineData("--server", "--server", "pbm --help")]
    public async Task A_wrong_command_line_exits_with_2_and_says_what_would_be_right(
        string line, string says, string offers)
    {
        using var pbm = new PbmRun();

        Assert.Equal(2, await pbm.RunAsync(line.Split(' ')));
        Assert.Contains(says, pbm.Errors);
        Assert.Contains(offers, pbm.Errors);
        Assert.Empty(pbm.Output);
        Assert.DoesNotContain("hunter22", pbm.Errors);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("help")]
    [InlineData("-h")]
    public async Task Help_lists_every_noun_and_verb_with_a_line_each(string line)
    {
        using var pbm = new PbmRun();

        Assert.Equal(0, await pbm.RunAsync(line));
        var root = CommandTree.Build(new PbmSession(null!), new GlobalOptions());
        Assert.All(root.Subcommands, noun => Assert.All(noun.Subcommands, verb =>
            Assert.Matches($@"(?m)^  {noun.Name} {verb.Name}( \S+)* +{verb.Description}\r?$", pbm.Output)));
        Assert.Contains("Examples:", pbm.Output);
        Assert.Contains("PBM_TOKEN_FILE", pbm.Output);
    }

    [Theory]
    [InlineData("help tenant create")]
    [InlineData("tenant create --help")]
    public async Task Help_of_a_verb_lists_its_options(string line)
    {
        using var pbm = new PbmRun();

        Assert.Equal(0, await pbm.RunAsync(line.Split(' ')));
        Assert.Contains("--superuser-password-stdin", pbm.Output);
    }

    [Theory]
    [InlineData("lsit", "list")]
    [InlineData("lst", "list")]
    [InlineData("rest", "restore")]
    [InlineData("SHOW", "show")]
    [InlineData("xyzzy", null)]
    [InlineData("", null)]
    public void The_nearest_word_is_found_when_it_is_near(string word, string? nearest) =>
        Assert.Equal(nearest, NearestWord.Find(word, ["create", "list", "show", "delete", "restore"]));
}
