using System.Text.Json;
using Platform.Pbm.Output;

namespace Platform.Pbm.Tests.Output;

public sealed class DisplayTests
{
    [Theory]
    [InlineData("null", "-")]
    [InlineData("\"\"", "-")]
    [InlineData("[]", "-")]
    [InlineData("{}", "-")]
    [InlineData("true", "true")]
    [InlineData("1.50", "1.50")]
    [InlineData("\"2026-01-02T03:04:05.678+01:00\"", "2026-01-02 02:04:05Z")]
    [InlineData("\"a\\u001b[2Jb\"", "a\uFFFD[2Jb")]
    [InlineData("""{"a":1,"b":["x","y"]}""", "a=1, b=x, y")]
    public void Values_are_text_on_one_line(string json, string text) =>
        Assert.Equal(text, Display.Value(JsonDocument.Parse(json).RootElement));

    [Theory]
    [InlineData("memoryBytes", "1023", "1023")]
    [InlineData("memoryBytes", "1024", "1024 (1 KiB)")]
    [InlineData("storageBytesMax", "1610612736", "1610612736 (1.5 GiB)")]
    [InlineData("tenants", "1610612736", "1610612736")]
    public void Bytes_are_also_given_in_a_unit_for_people(string name, string json, string text) =>
        Assert.Equal(text, Display.Value(name, JsonDocument.Parse(json).RootElement));
}
