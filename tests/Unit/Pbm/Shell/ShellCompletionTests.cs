using Platform.Pbm.Invocation;
using Platform.Pbm.Shell;

namespace Platform.Pbm.Tests.Shell;

public sealed class ShellCompletionTests
{
    private readonly ShellCompletion _completion = new(new PbmSession(null!));

    [Theory]
    [InlineData("", "cluster completion exit help node snapshot tenant")]
    [InlineData("t", "tenant")]
    [InlineData("tenant ", "backup clone create delete export history import list locate migrate purge restore show undelete")]
    [InlineData("tenant re", "restore")]
    [InlineData("tenant list --s", "--search --server --status")]
    [InlineData("tenant create acme --durability ", "local replicated")]
    [InlineData("nothing ", "")]
    public void Words_that_may_follow_are_offered(string line, string offered) =>
        Assert.Equal(offered, string.Join(' ', _completion.Complete(line)));
}
