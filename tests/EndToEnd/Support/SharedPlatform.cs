using System.Globalization;
using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Support;

/// <summary>One platform for all tests that only need tenants of their own.</summary>
public sealed class SharedPlatform : IAsyncLifetime
{
    private int _lastTenant;

    /// <summary>The running process.</summary>
    public PlatformProcess Process { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync() => Process = await PlatformProcess.StartAsync();

    /// <summary>A clean stop is part of every run: what it says about itself must be good.</summary>
    public async Task DisposeAsync()
    {
        var exitCode = await Process.StopAsync();
        var output = Process.Output;
        await Process.DisposeAsync();
        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain("Unhandled exception", output, StringComparison.Ordinal);
    }

    internal string NextTenantId(string name) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}-{Interlocked.Increment(ref _lastTenant)}");

    /// <summary>A tenant that no other test has.</summary>
    internal Task<ApiClient> CreateTenantAsync(string name) => Process.CreateTenantAsync(NextTenantId(name));
}
