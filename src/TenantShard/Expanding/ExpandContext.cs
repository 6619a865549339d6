using System.Text.Json;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Filters;
using Platform.TenantShard.Requests;

namespace Platform.TenantShard.Expanding;

/// <summary>What all levels of one expand share.</summary>
internal sealed class ExpandContext : IDisposable
{
    private readonly RequestInfo _request;
    private readonly TimeProvider _clock;
    private int _written;
    private long _bytes;

    /// <param name="source">How records are read and shown.</param>
    /// <param name="request">Whose view rules count.</param>
    /// <param name="clock">The time that rules see.</param>
    /// <param name="limits">Bounds.</param>
    /// <param name="json">The form of the JSON.</param>
    public ExpandContext(
        IExpandSource source, RequestInfo request, TimeProvider clock, ExpandLimits limits, JsonWriterOptions json)
    {
        Writer = new Utf8JsonWriter(Stream.Null, json);
        Source = source;
        Limits = limits;
        _clock = clock;
        _request = new RequestInfo
        {
            Method = request.Method,
            Context = "expand",
            Auth = request.Auth,
            Query = request.Query,
            Header = request.Header,
            Body = request.Body,
        };
    }

    public IExpandSource Source { get; }

    public ExpandLimits Limits { get; }

    /// <summary>One writer for all records; each use resets it to its own buffer.</summary>
    internal Utf8JsonWriter Writer { get; }

    /// <summary>
    /// The condition under which this client may view records of the collection: null for every record, false in
    /// <paramref name="isVisible"/> for none.
    /// </summary>
    public CompiledFilter? ViewRule(SchemaSnapshot schema, Collection collection, out bool isVisible)
    {
        isVisible = _request.IsSuperuser || collection.ViewRule is not null;
        if (_request.IsSuperuser || string.IsNullOrEmpty(collection.ViewRule)) return null;
        return FilterCompiler.Compile(
            schema, collection, collection.ViewRule, _request, FilterOptions.ForRule(_clock));
    }

    public void Dispose() => Writer.Dispose();

    /// <exception cref="ApiException">400 once the answer has as many expanded records as it may.</exception>
    public void CountWritten() => RequireFew(++_written);

    /// <exception cref="ApiException">400 once the records take as many bytes as they may.</exception>
    public void CountBytes(int bytes)
    {
        _bytes += bytes;
        if (_bytes <= Limits.BytesMax) return;
        throw ApiException.BadRequest(
            $"The expand selects more than {Limits.BytesMax} bytes of records. Ask for fewer records per page, or fewer fields.");
    }

    /// <exception cref="ApiException">400 for more records than an answer may have.</exception>
    public void RequireFew(int records)
    {
        if (records <= Limits.RecordsMax) return;
        throw ApiException.BadRequest(
            $"The expand selects more than {Limits.RecordsMax} records. Ask for fewer records per page.");
    }
}
