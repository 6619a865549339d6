using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Cluster.CommandLine;

namespace Platform.Cluster.Metrics;

/// <summary><c>GET /metrics</c></summary>
internal sealed class MetricsEndpoint(MetricsCollector collector)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/metrics", AnswerAsync);

    private async Task AnswerAsync(HttpContext context)
    {
        var body = Encoding.UTF8.GetBytes(Compose());
        context.Response.ContentType = PrometheusText.ContentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private string Compose()
    {
        var text = new PrometheusText();
        text.Write(
            "platform_build_info", "The release of this process.", "gauge", 1,
            new KeyValuePair<string, object?>("version", PlatformCommand.Version));
        collector.Scrape((families, scrape) =>
        {
            foreach (var family in families) text.Write(family, scrape);
        });
        text.Write(
            "platform_metrics_series_dropped_total",
            "Time series that were left out because there were too many (platform.metrics.series-max).",
            "counter", collector.SeriesDropped);
        return text.ToString();
    }
}
