using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Platform.Testing.Files;

namespace Platform.Conformance.Tests.Contract;

/// <summary>
/// The bytes of a file in a form: <c>text</c>, <c>png</c> (a grey picture of a size such as <c>40x30</c>), <c>zip</c> (of
/// entries with their texts), or <c>bytes</c> (so many of them).
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

        if (file["zip"] is JsonObject entries) return Zip(entries);
        return file["bytes"] is { } count
            ? Encoding.ASCII.GetBytes(new string('x', (int)count.GetValue<long>()))
            : Encoding.UTF8.GetBytes(file["text"]?.GetValue<string>() ?? "");
    }

    private static byte[] Zip(JsonObject entries)
    {
        using var content = new MemoryStream();
        using (var zip = new ZipArchive(content, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in entries)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(text!.GetValue<string>()));
            }
        }

        return content.ToArray();
    }
}
