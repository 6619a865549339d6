using Microsoft.AspNetCore.Http;
using Platform.Cluster.Internal;
using Platform.Messages.Routing;

namespace Platform.Cluster.Tests.Internal;

public sealed class InternalGuardTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData(Secret, true, true)]
    [InlineData(Secret, false, false)]
    [InlineData("0123456789abcdef0123456789abcdeg", true, false)]
    [InlineData("0123456789abcdef", true, false)]
    [InlineData(Secret + "0", true, false)]
    [InlineData("", true, false)]
    public void Only_the_right_secret_on_the_internal_listener_is_accepted(string given, bool isInternal, bool accepted)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers[ForwardHeaders.Secret] = given;

        Assert.Equal(accepted, new InternalGuard(Secret, _ => isInternal).Accepts(context));
    }

    [Fact]
    public void A_secret_that_is_longer_than_any_is_refused()
    {
        var context = new DefaultHttpContext();
        context.Request.Headers[ForwardHeaders.Secret] = new string('0', 5000);

        Assert.False(new InternalGuard(Secret, _ => true).Accepts(context));
    }
}
