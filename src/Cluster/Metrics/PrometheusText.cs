using System.Globalization;
using System.Text;

namespace Platform.Cluster.Metrics;

/// <summary>
/// The text format of Prometheus, version 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format).
/// </summary>
internal sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    /// <summary>A name with its help, type and series. Observed series of an earlier scrape are gone.</summary>
    public void Write(MetricFamily family, long scrape)
    {
        WriteHead(family.Name, family.Help, TypeOf(family.Kind));
        foreach (var series in family.Series)
        {
            if (family.IsObserved && series.Scrape != scrape) continue;
            if (family.Kind == MetricKind.Histogram) WriteHistogram(family, series);
            else WriteSample(family.Name, series.Tags, null, series.Value);
        }
    }

    /// <summary>A name with one sample.</summary>
    public void Write(string name, string help, string type, double value, params KeyValuePair<string, object?>[] tags)
    {
        WriteHead(name, help, type);
        WriteSample(name, tags, null, value);
    }

    public override string ToString() => _text.ToString();

    private static string TypeOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter or MetricKind.ObservedCounter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };

    private static string Format(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private void WriteHead(string name, string help, string type)
    {
        _text.Append("# HELP ").Append(name).Append(' ');
        AppendEscaped(help, isLabel: false);
        _text.Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    private void WriteHistogram(MetricFamily family, MetricSeries series)
    {
        var buckets = series.CumulativeBuckets();
        for (var index = 0; index < buckets.Length; index++)
        {
            var bound = index < family.Bounds.Length ? family.Bounds[index] : double.PositiveInfinity;
            WriteSample(family.Name + "_bucket", series.Tags, Format(bound), buckets[index]);
        }

        WriteSample(family.Name + "_sum", series.Tags, null, series.Value);
        WriteSample(family.Name + "_count", series.Tags, null, buckets[^1]);
    }

    private void WriteSample(string name, KeyValuePair<string, object?>[] tags, string? bound, double value)
    {
        _text.Append(name);
        if (tags.Length > 0 || bound is not null)
        {
            _text.Append('{');
            foreach (var (label, content) in tags)
                AppendLabel(label, Convert.ToString(content, CultureInfo.InvariantCulture) ?? "");
            if (bound is not null) AppendLabel("le", bound);
            _text.Length--;
            _text.Append('}');
        }

        _text.Append(' ').Append(Format(value)).Append('\n');
    }

    /// <summary>Ends with a comma, which the caller removes.</summary>
    private void AppendLabel(string label, string content)
    {
        foreach (var character in label) _text.Append(char.IsAsciiLetterOrDigit(character) ? character : '_');
        _text.Append("=\"");
        AppendEscaped(content, isLabel: true);
        _text.Append("\",");
    }

    private void AppendEscaped(string content, bool isLabel)
    {
        foreach (var character in content)
        {
            _ = character switch
            {
                '\\' => _text.Append("\\\\"),
                '\n' => _text.Append("\\n"),
                '"' when isLabel => _text.Append("\\\""),
                _ => _text.Append(character),
            };
        }
    }
}
