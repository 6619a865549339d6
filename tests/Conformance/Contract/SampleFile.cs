using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Platform.Testing.Files;

namespace Platform.Conformance.Tests.Contract;

/// <summary>
/// The bytes of a file in a form: <c>text</c>, <c>png</c> (a grey picture of a size such as <c>40x30</c>), or
/// <c>bytes</c> (so many of them).
/// </summary>
internal static class SampleFile
{
    public static byte[] Make(JsonObject file)
    {
        if (file["png"] is { } size)
        {
            var sides = size.GetValue<string>().Split('x');
            return TestImage.Png(
                int.Parse(sides[0], CultureInfo.InvariantCulture), int.Parse(sides[1], CultureInfo.InvariantCulture));
        }

        return file["bytes"] is { } count
            ? Encoding.ASCII.GetBytes(new string('x', (int)count.GetValue<long>()))
            : Encoding.UTF8.GetBytes(file["text"]?.GetValue<string>() ?? "");
    }
}
