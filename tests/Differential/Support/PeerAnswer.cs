using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.Differential.Tests.Support;

/// <summary>What one server answered, read to the end.</summary>
internal sealed record PeerAnswer(int Status, string? ContentType, IReadOnlyDictionary<string, string> Headers, byte[] Bytes)
{
    private const int ShownMax = 600;

    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonNode? Json
    {
        get
        {
            if (Bytes.Length == 0) return null;
            try
            {
                return JsonNode.Parse(Bytes);
            }
            catch (JsonException)
            {
                return JsonValue.Create(Text);
            }
        }
    }

    public override string ToString() => $"{Status} {(Text.Length > ShownMax ? Text[..ShownMax] + "..." : Text)}";
}
