using System.Diagnostics;

namespace Platform.Tidy.Tests;

/// <summary>The list of banned members works: a wrong spelling in it would match nothing and say nothing.</summary>
public sealed class BanTests
{
    private const string Offender = """
        using System.Threading.Channels;
        internal static class Offender
        {
            public static object Now() => System.DateTime.Now;
            public static object UtcNow() => System.DateTime.UtcNow;
            public static object OffsetNow() => System.DateTimeOffset.UtcNow;
            public static object Shared() => System.Random.Shared;
            public static object Id() => System.Guid.NewGuid();
            public static void Sleep() => System.Threading.Thread.Sleep(1);
            public static object Delay() => System.Threading.Tasks.Task.Delay(1);
            public static object Unbounded() => Channel.CreateUnbounded<int>();
        }
        """;

    [Fact]
    public async Task Every_banned_member_is_an_error_in_product_code()
    {
        var folder = Path.Combine(Repository.Root, "artifacts", "ban-test");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "Offender.cs"), Offender);
        await File.WriteAllTextAsync(Path.Combine(folder, "BanTest.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <RestorePackagesWithLockFile>false</RestorePackagesWithLockFile>
                <ArtifactsPath>$(MSBuildProjectDirectory)/artifacts</ArtifactsPath>
              </PropertyGroup>
            </Project>
            """);
        var output = await BuildAsync(folder);
        for (var line = 4; line <= 11; line++)
            Assert.Contains($"Offender.cs({line},", output.Where(text => text.Contains("RS0030")).Aggregate("", string.Concat));
    }

    private static async Task<List<string>> BuildAsync(string folder)
    {
        using var build = Process.Start(new ProcessStartInfo("dotnet", "build -nologo -v q -clp:NoSummary")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        })!;
        var lines = new List<string>();
        while (await build.StandardOutput.ReadLineAsync() is { } line) lines.Add(line);
        await build.WaitForExitAsync();
        return lines;
    }
}
