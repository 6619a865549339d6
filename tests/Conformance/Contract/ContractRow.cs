using System.Text.Json.Nodes;
using Platform.Testing;
using Xunit.Abstractions;

namespace Platform.Conformance.Tests.Contract;

/// <summary>One row of the contract: its file, its place there, and the sentence that it is known by.</summary>
public sealed class ContractRow : IXunitSerializable
{
    private static readonly Lazy<IReadOnlyDictionary<string, JsonArray>> Files = new(ReadFiles);

    /// <summary>The name of its file, without the extension.</summary>
    public string Group { get; private set; } = "";

    /// <summary>What it says.</summary>
    public string Sentence { get; private set; } = "";

    /// <summary>From 0.</summary>
    public int Index { get; private set; }

    internal static int Count => Files.Value.Values.Sum(rows => rows.Count);

    internal JsonObject Content => Files.Value[Group][Index]!.AsObject();

    internal static string Folder => RepositoryFolder.Path("tests/Conformance/Contract");

    /// <summary>All rows, in the order of their files.</summary>
    public static TheoryData<ContractRow> All()
    {
        var rows = new TheoryData<ContractRow>();
        foreach (var (group, list) in Files.Value.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            for (var index = 0; index < list.Count; index++)
            {
                var sentence = list[index]!["row"]!.GetValue<string>();
                rows.Add(new ContractRow { Group = group, Index = index, Sentence = sentence });
            }
        }

        return rows;
    }

    /// <inheritdoc/>
    public void Deserialize(IXunitSerializationInfo info)
    {
        Group = info.GetValue<string>(nameof(Group));
        Sentence = info.GetValue<string>(nameof(Sentence));
        Index = info.GetValue<int>(nameof(Index));
    }

    /// <inheritdoc/>
    public void Serialize(IXunitSerializationInfo info)
    {
        info.AddValue(nameof(Group), Group);
        info.AddValue(nameof(Sentence), Sentence);
        info.AddValue(nameof(Index), Index);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Group}: {Sentence}";

    private static Dictionary<string, JsonArray> ReadFiles() =>
        Directory.EnumerateFiles(Path.Combine(Folder, "Rows"), "*.yaml").ToDictionary(
            path => Path.GetFileNameWithoutExtension(path), path => YamlDocument.Read(path)["rows"]!.AsArray());
}
