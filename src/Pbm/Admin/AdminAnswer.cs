using System.Text.Json;

namespace Platform.Pbm.Admin;

/// <summary>A successful answer of the admin API: the bytes as they came, and the document in them.</summary>
internal sealed class AdminAnswer
{
    public AdminAnswer(byte[] body)
    {
        Body = body;
        if (body.Length == 0) return;
        using var document = JsonDocument.Parse(body);
        Root = document.RootElement.Clone();
    }

    public byte[] Body { get; }

    /// <summary>Undefined for an answer without a body.</summary>
    public JsonElement Root { get; }
}
