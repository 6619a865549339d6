using Platform.Differential.Tests.Support;

namespace Platform.Differential.Tests.Reads;

/// <summary>Lists and views: pages, projections and expansions, at and beyond their edges.</summary>
[Collection(PeersCollection.Name)]
public sealed class ReadTests(Peers peers)
{
    /// <summary>Without pages of more than 500 records, which only the current line allows.</summary>
    private static readonly string[] Pages =
    [
        "", "page=1", "page=2&perPage=7", "page=0", "page=-1", "page=99", "page=", "page=abc", "page=1.5", "page=99999999999999999999",
        "perPage=0", "perPage=-5", "perPage=1", "perPage=500", "perPage=", "perPage=abc", "perPage=2&page=16", "perPage=30&page=1",
        "perPage=30&page=2", "skipTotal=1", "skipTotal=true", "skipTotal=0", "skipTotal=false", "skipTotal=", "skipTotal=abc",
        "skipTotal=1&page=3&perPage=4", "page=1&page=2&perPage=3", "unknown=1", "perPage=5&sort=", "perPage=5&filter=",
    ];

    private static readonly string[] Sorts =
    [
        "title,id", "-title,id", "%2Btitle,id", "-views,title,-id", "author.name,id", "-author.member.age,id", "meta.a,id", "nope", "-", "",
        "title,,id", "author.nope", "title desc", "tags.label,nope", "id;DROP", "live,-published,id", " title , id ", "collectionId,id",
        "collectionName,-id", "@random,nope", "labels,id", "-labels,-id", "link,mail,id",
    ];

    private static readonly string[] Filters =
    [
        "title='a'", "title", "title=", "=", "(title='a'", "title='a')", "title='a' &&", "&& title='a'", "title='a' || || id=''", "title=='a'",
        "title='a' and id=''", "'", "title='", "nope=1", "author.nope=1", "tags.label.x=1", "title:nope='a'", "title:each='a'", "views:length=1",
        "@request.nope=1", "@collection.nope.id=1", "@collection.tags=1", "nope_via_post.id=1", "comments_via_nope.id=1", "@now", "@nope=1",
        "(((((title='a')))))", "title = 'a' // comment", "title='a'//x\n||title='b'", "title ~ 'a'&&views>=0||live=true", "1=1", "1=2", "''=''",
        "true=true", "null=null", "title='a' ?? id=''", "title ?= 'a'", "title ? 'a'", "title !~~ 'a'", "title<>''", "title:isset=true", "-1<0", "views=-0",
        "views=1e3", "views=.5", "views=5.", "views=0x10", "title=title", "id=id", "title = \"it's\"", "title='it\\'s'", "title='\\\\'", "published>'2024'",
    ];

    /// <summary>Excerpts of ASCII only: until 0.27.2 they counted bytes, and cut characters.</summary>
    private static readonly string[] Fields =
    [
        "id", "title,id", "*", "", "nope", "id,nope", " id , title ", "*,id", "meta", "meta.a", "meta.a.b", "meta.list", "meta.list.x", "meta.*",
        "link:excerpt(5)", "link:excerpt(5,true)", "link:excerpt(500)", "body:excerpt(0)", "body:excerpt", "body:excerpt()", "body:excerpt(x)", "body:nope(5)",
        "mail:excerpt(2,true),id", "views:excerpt(2)", "labels:excerpt(2)", "collectionId,collectionName", "expand.author.name",
        "id,expand.author.name", "*,expand.author.name", "id,expand.tags.label", "id,expand.tags.*", "id,expand.*", "expand", "id,expand.comments_via_post.body",
        "expand.author.expand.member.name", "*,expand.tags.kind:excerpt(1,true)", "id,meta.a:excerpt(1)", "page", "items", ",", "id,,title",
    ];

    private static readonly string[] Expands =
    [
        "", "author", "tags", "author,tags", "author.member", "tags.nope", "nope", "title", "author,nope", "comments_via_post", "author.posts_via_author",
        "comments_via_post.mentions", "comments_via_post.mentions.member", "author.posts_via_author.tags", "tags.posts_via_tags.author", "author.member.authors_via_member",
        " author , tags ", "author.", ".author", ",", "author,author", "author.member,author", "comments_via_mentions", "posts_via_author", "comments_via_nope",
        "author.posts_via_author.author.posts_via_author.author.posts_via_author.author", "comments_via_post,author.comments_via_mentions",
    ];

    private static IEnumerable<string> Every(IEnumerable<string> values, Func<string, string> write) => values.Select(write);

    private static string Escape(string text) => Uri.EscapeDataString(text);

    [Fact]
    public Task Pages_are_the_same() =>
        AssertAsync(Every(Pages, page => $"posts/records?{page}{(page.Contains("sort", StringComparison.Ordinal) ? "" : "&sort=id")}"));

    [Fact]
    public Task Sorts_are_the_same() =>
        AssertAsync(Every(Sorts, sort => $"posts/records?fields=id&perPage=100&sort={(sort.Contains('%', StringComparison.Ordinal) ? sort : Escape(sort))}"));

    [Fact]
    public Task Filters_are_read_or_refused_alike() =>
        AssertAsync(Every(Filters, filter => $"posts/records?fields=id&perPage=100&sort=id&filter={Escape(filter)}"));

    [Fact]
    public Task Fields_are_the_same() => AssertAsync(Every(
        Fields,
        fields => $"posts/records?perPage=30&sort=id&expand=author.member,tags,comments_via_post&fields={Escape(fields)}"));

    [Fact]
    public Task Fields_of_one_record_are_the_same() => AssertAsync(Every(
        Fields, fields => $"posts/records/posts0000000004?expand=author.member,tags,comments_via_post&fields={Escape(fields)}"));

    [Fact]
    public Task Expansions_are_the_same() =>
        AssertAsync(Every(Expands, expand => $"posts/records?perPage=30&sort=id&expand={Escape(expand)}"));

    [Fact]
    public Task Single_records_are_the_same() => AssertAsync(
    [
        "posts/records/posts0000000004", "posts/records/missing00000000", "nope/records", "nope/records/x", "posts0000000000/records?sort=id",
        "POSTS/records?sort=id", "posts/records/%20", "posts/records/..%2fx", "posts/records/'", "members/records?sort=id",
        "members/records/members00000000", "members/records/members00000001", "post_stats/records?sort=id", "post_stats/records/posts0000000004",
        "post_stats/records?sort=-answers,id&filter=answers>0", "post_stats/records?expand=author&sort=id&perPage=3", "authors/records?sort=id", "comments/records?sort=id",
        "tags/records?sort=weight,id", "post_stats/records?filter=author.name!=''&sort=id",
    ]);

    private async Task AssertAsync(IEnumerable<string> paths)
    {
        var calls = paths.SelectMany(path => new[] { ApiCall.Superuser, null }.Select(who => new ApiCall("GET", "api/collections/" + path, As: who)));
        await peers.AssertAllSameAsync(calls);
    }
}
