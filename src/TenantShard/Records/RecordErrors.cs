using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Records;

/// <summary>The fields of one request that were refused, all together; the first reason of a field stays.</summary>
internal sealed class RecordErrors
{
    private Dictionary<string, FieldError>? _errors;

    public bool IsEmpty => _errors is null;

    public void Add(string field, FieldError error)
    {
        _errors ??= new Dictionary<string, FieldError>(StringComparer.Ordinal);
        _errors.TryAdd(field, error);
    }

    public RecordErrors Copy()
    {
        var copy = new RecordErrors();
        if (_errors is not null) copy._errors = new Dictionary<string, FieldError>(_errors, StringComparer.Ordinal);
        return copy;
    }

    public bool Has(string field) => _errors is not null && _errors.ContainsKey(field);

    public ApiException ToException(string message) => ApiException.BadRequest(message, _errors);

    public void ThrowIfAny(string message)
    {
        if (!IsEmpty) throw ToException(message);
    }
}
