using Platform.Cluster.Tenants;

namespace Platform.Cluster.Tests.Tenants;

public sealed class SharedTextsTests
{
    [Fact]
    public void Equal_texts_are_one_string()
    {
        var texts = new SharedTexts(countMax: 10);
        var first = texts.Of(new string('a', 3));

        Assert.Equal("aaa", first);
        Assert.Same(first, texts.Of(new string('a', 3)));
    }

    [Fact]
    public void What_is_beyond_the_bound_or_long_is_not_kept()
    {
        var texts = new SharedTexts(countMax: 2);
        foreach (var text in (string[])["a", "b"]) texts.Of(text);
        var (third, late) = (new string('c', 3), new string('c', 3));
        var (long1, long2) = (new string('d', 500), new string('d', 500));

        Assert.Same(third, texts.Of(third));
        Assert.Same(late, texts.Of(late));
        Assert.Same(long2, texts.Of(texts.Of(long1) == long1 ? long2 : long1));
    }
}
