using System.Text.RegularExpressions;

namespace Platform.Tidy.Tests;

/// <summary>Dependencies between projects, and between the feature folders of a project, point one way.</summary>
public sealed partial class DependencyTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Messages"] = [],
        ["Replication"] = [],
        ["TenantShard"] = ["Messages", "Replication"],
        ["Gateway"] = ["Messages"],
        ["Cluster"] = ["Gateway", "Messages", "Replication", "TenantShard"],
        ["Pbm"] = ["Messages"],
    };

    [Fact]
    public void Each_project_refers_only_to_those_that_the_design_allows()
    {
        foreach (var folder in Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")))
        {
            var name = Path.GetFileName(folder);
            var project = Directory.EnumerateFiles(folder, "*.csproj").SingleOrDefault();
            if (project is null) continue;
            Assert.True(Allowed.ContainsKey(name), $"src/{name} is not in the table of allowed dependencies.");
            var references = ProjectReference().Matches(File.ReadAllText(project)).Select(match => match.Groups[1].Value);
            Assert.Empty(references.Except(Allowed[name]));
        }
    }

    [Theory]
    [InlineData("src/TenantShard")]
    [InlineData("src/Gateway")]
    public void Shards_and_gateway_never_see_the_cluster_store(string project)
    {
        Assert.DoesNotContain(
            Repository.SourceFiles(project), file => Repository.Read(file).Contains("Platform.Cluster", StringComparison.Ordinal));
    }

    [Fact]
    public void No_feature_of_a_shard_uses_its_host()
    {
        var offenders = Repository.SourceFiles("src/TenantShard")
            .Where(file => !file.StartsWith("src/TenantShard/Hosting/", StringComparison.Ordinal)
                // The shard's own parts take the host's limits; features must not know them.
                && !file.StartsWith("src/TenantShard/Shards/", StringComparison.Ordinal))
            .Where(file => Repository.Read(file).Contains("using Platform.TenantShard.Hosting", StringComparison.Ordinal));
        Repository.AssertNone(offenders);
    }

    [Fact]
    public void The_vocabulary_of_messages_depends_on_nothing()
    {
        Assert.DoesNotContain(
            Repository.SourceFiles("src/Messages"),
            file => Usings().Matches(Repository.Read(file))
                .Any(match => !match.Groups[1].Value.StartsWith("System", StringComparison.Ordinal)
                    && !match.Groups[1].Value.StartsWith("Platform.Messages", StringComparison.Ordinal)));
    }

    [GeneratedRegex("""<ProjectReference Include="\.\./(\w+)/""")]
    private static partial Regex ProjectReference();

    [GeneratedRegex(@"^using (?:static )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Usings();
}
