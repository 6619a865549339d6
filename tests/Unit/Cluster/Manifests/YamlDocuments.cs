using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Platform.Cluster.Tests.Manifests;

/// <summary>Files of <c>docker/</c> as JSON, with anchors and merges resolved.</summary>
internal static class YamlDocuments
{
    public static string Folder { get; } = FindFolder();

    public static IReadOnlyList<JsonObject> Read(string file)
    {
        using var reader = new StreamReader(Path.Combine(Folder, file));
        var parser = new MergingParser(new Parser(reader));
        var deserializer = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
        var serializer = new SerializerBuilder().JsonCompatible().Build();
        var documents = new List<JsonObject>();
        parser.Consume<YamlDotNet.Core.Events.StreamStart>();
        while (parser.Accept<YamlDotNet.Core.Events.DocumentStart>(out _))
        {
            var json = serializer.Serialize(deserializer.Deserialize<object>(parser));
            documents.Add(JsonNode.Parse(json)!.AsObject());
        }

        return documents;
    }

    /// <summary>The text at a path of names and positions; fails with the path when there is none.</summary>
    public static JsonNode At(this JsonNode node, string path) =>
        node.Find(path) ?? throw new InvalidOperationException($"There is no {path} in {node.ToJsonString()}");

    /// <summary>As <see cref="At"/>; null when there is none.</summary>
    public static JsonNode? Find(this JsonNode node, string path)
    {
        JsonNode? current = node;
        foreach (var name in path.Split('/'))
            current = current is JsonArray list ? list[int.Parse(name, null)] : (current as JsonObject)?[name];
        return current;
    }

    public static string Text(this JsonNode node, string path) => node.At(path).ToString();

    public static IEnumerable<JsonNode> List(this JsonNode node, string path) =>
        (node.Find(path) as JsonArray)?.Select(item => item!) ?? [];

    private static string FindFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Platform.sln"))) folder = folder.Parent;
        return Path.Combine(folder!.FullName, "docker");
    }
}
