using System.Globalization;

namespace Platform.TenantShard.Errors;

/// <summary>
/// Collects every mistake of a request body before it is refused, nested as the body is. The first error of a field
/// stays; an error of a whole field wins over errors inside it.
/// </summary>
internal sealed class FieldErrorTree
{
    private readonly Dictionary<string, FieldError> _errors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FieldErrorTree> _children = new(StringComparer.Ordinal);

    public bool IsEmpty
    {
        get
        {
            if (_errors.Count > 0) return false;
            foreach (var child in _children.Values)
                if (!child.IsEmpty) return false;
            return true;
        }
    }

    public void Add(string field, string code, string message) => Add(field, new FieldError(code, message));

    public void Add(string field, FieldError error) => _errors.TryAdd(field, error);

    /// <summary>The errors inside a field.</summary>
    public FieldErrorTree At(string field)
    {
        if (_children.TryGetValue(field, out var child)) return child;
        child = new FieldErrorTree();
        _children.Add(field, child);
        return child;
    }

    /// <summary>The errors inside an item of a list.</summary>
    public FieldErrorTree At(int index) => At(index.ToString(CultureInfo.InvariantCulture));

    public IReadOnlyDictionary<string, FieldError> ToData()
    {
        var data = new Dictionary<string, FieldError>(_errors, StringComparer.Ordinal);
        foreach (var (field, child) in _children)
            if (!child.IsEmpty) data.TryAdd(field, FieldError.Of(child.ToData()));
        return data;
    }

    /// <summary>Refuses the request when anything was collected.</summary>
    /// <exception cref="ApiException">400 with all errors.</exception>
    public void ThrowIfAny(string message)
    {
        if (!IsEmpty) throw ApiException.BadRequest(message, ToData());
    }
}
