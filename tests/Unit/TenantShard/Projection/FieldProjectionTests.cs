using System.Buffers;
using System.Text;
using System.Text.Json;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Projection;
using Platform.TenantShard.Records;

namespace Platform.TenantShard.Tests.Projection;

public sealed class FieldProjectionTests
{
    private const string Record = """
        {"id":"1","title":"<p>Hello <b>big</b> world</p>","data":{"a":1,"b":{"c":2,"d":3}},"tags":["x","y"],"expand":{"author":{"id":"9","name":"Ada"},"tags":[{"id":"x","label":"red"},{"id":"y","label":""}]}}
        """;

    [Theory]
    [InlineData("", Record)]
    [InlineData(" ", Record)]
    [InlineData("*", Record)]
    [InlineData("id", """{"id":"1"}""")]
    [InlineData("tags,id", """{"id":"1","tags":["x","y"]}""")]
    [InlineData(" id , nope ", """{"id":"1"}""")]
    [InlineData("nope", "{}")]
    [InlineData("data.b", """{"data":{"b":{"c":2,"d":3}}}""")]
    [InlineData("data.b.c,data.a", """{"data":{"a":1,"b":{"c":2}}}""")]
    [InlineData("data.*", """{"data":{"a":1,"b":{"c":2,"d":3}}}""")]
    [InlineData("data,data.a", """{"data":{"a":1,"b":{"c":2,"d":3}}}""")]
    [InlineData("id,expand.author.name", """{"id":"1","expand":{"author":{"name":"Ada"}}}""")]
    [InlineData("expand.tags.label", """{"expand":{"tags":[{"label":"red"},{"label":""}]}}""")]
    [InlineData("expand.*.id", """{"expand":{"author":{"id":"9"},"tags":[{"id":"x"},{"id":"y"}]}}""")]
    [InlineData("id.deeper", """{"id":"1"}""")]
    [InlineData("title:excerpt(200)", """{"title":"Hello big world"}""")]
    [InlineData("title:excerpt(9)", """{"title":"Hello big"}""")]
    [InlineData("title:excerpt(7)", """{"title":"Hello b"}""")]
    [InlineData("title:excerpt(6, true)", """{"title":"Hello..."}""")]
    [InlineData("title:excerpt(6,false),id", """{"id":"1","title":"Hello"}""")]
    [InlineData("id:excerpt(5),tags:excerpt(1)", """{"id":"1","tags":["x","y"]}""")]
    public void Shows_what_is_asked_for(string fields, string expected) =>
        Assert.Equal(expected.Trim(), Project(Record, fields));

    [Theory]
    [InlineData("title:nope")]
    [InlineData("title:excerpt")]
    [InlineData("title:excerpt()")]
    [InlineData("title:excerpt(0)")]
    [InlineData("title:excerpt(-1)")]
    [InlineData("title:excerpt(1,true,1)")]
    [InlineData("title:excerpt(99999999999)")]
    public void Unknown_modifiers_are_refused(string fields) =>
        Assert.Equal(400, Assert.Throws<ApiException>(() => FieldProjection.Parse(fields)).Status);

    [Fact]
    public void Length_and_depth_are_limited()
    {
        Assert.NotNull(FieldProjection.Parse(new string('a', FieldProjection.LengthMax)));
        Assert.Throws<ApiException>(() => FieldProjection.Parse(new string('a', FieldProjection.LengthMax + 1)));
        Assert.NotNull(FieldProjection.Parse(Path(FieldProjection.DepthMax)));
        Assert.Throws<ApiException>(() => FieldProjection.Parse(Path(FieldProjection.DepthMax + 1)));

        static string Path(int names) => string.Join('.', Enumerable.Repeat("a", names));
    }

    [Theory]
    [InlineData("plain", 10, "plain")]
    [InlineData("a < b && c > d", 99, "a < b && c > d")]
    [InlineData("<h1>Title</h1><p>one<br>two</p>", 99, "Title onetwo")]
    [InlineData("x<script>alert('<p>no</p>')</script>y<style>p{}</style>z", 99, "x y z")]
    [InlineData("<!-- no -->yes &amp; &lt;no tag&gt;", 99, "yes & <no tag>")]
    [InlineData("  many \n\t spaces  ", 99, "many spaces")]
    [InlineData("<p", 99, "")]
    [InlineData("a<", 99, "a<")]
    [InlineData("\ud83d\ude00\ud83d\ude00\ud83d\ude00", 2, "\ud83d\ude00\ud83d\ude00")]
    [InlineData("", 5, "")]
    public void Excerpt_is_plain_text(string html, int max, string expected) =>
        Assert.Equal(expected, new Excerpt(max, HasEllipsis: false).Of(html));

    private static string Project(string json, string fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var options = new JsonWriterOptions
        {
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (var writer = new Utf8JsonWriter(buffer, options))
            ProjectedJson.Copy(Encoding.UTF8.GetBytes(json), FieldProjection.Parse(fields), writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
