using Microsoft.Extensions.Hosting;

namespace Platform.Cluster.Http;

/// <summary>The node decides when it stops, not the web host: signals are the serve command's.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
