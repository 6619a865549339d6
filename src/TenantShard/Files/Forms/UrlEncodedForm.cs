using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using UrlEncodedReader = Microsoft.AspNetCore.WebUtilities.FormReader;

namespace Platform.TenantShard.Files.Forms;

/// <summary>
/// A body in <c>application/x-www-form-urlencoded</c>, what a page's form sends without files, as the JSON that it stands
/// for. Clients that send JSON and forget to say so, such as curl, send it under this type: what begins as an object is one.
/// </summary>
internal static class UrlEncodedForm
{
    private const int ValuesMax = 1000;

    public static bool IsForm(HttpRequest request, ReadOnlySpan<byte> body) =>
        request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true
        && !body.TrimStart(" \t\r\n"u8).StartsWith("{"u8);

    /// <exception cref="InvalidDataException">It has too many values.</exception>
    /// <exception cref="JsonException">A part of JSON is none.</exception>
    public static ReadOnlyMemory<byte> ToJson(ReadOnlySpan<byte> body)
    {
        var values = new FormValues();
        using var reader = new UrlEncodedReader(Encoding.UTF8.GetString(body))
        {
            ValueCountLimit = ValuesMax,
            KeyLengthLimit = body.Length,
            ValueLengthLimit = body.Length,
        };
        foreach (var (name, texts) in reader.ReadForm())
        {
            foreach (var text in texts)
            {
                if (name == FormValues.PayloadName) values.AddPayload(text ?? "");
                else values.Add(name, text ?? "");
            }
        }

        return values.ToJson();
    }
}
