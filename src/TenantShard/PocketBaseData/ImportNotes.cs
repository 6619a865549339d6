using System.Globalization;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.PocketBaseData;

/// <summary>Collects what an import leaves out, and all that is wrong with it, so that one answer tells everything.</summary>
internal sealed class ImportNotes
{
    /// <summary>The answer stays readable; what is more is counted.</summary>
    private const int WarningsMax = 100;

    private const int ProblemsMax = 100;
    private const string FieldsMember = "fields";

    private readonly List<string> _warnings = [];
    private readonly List<ImportProblem> _problems = [];
    private int _unlisted;

    /// <summary>In the order in which they were noted.</summary>
    public IReadOnlyList<string> Warnings => _unlisted == 0
        ? _warnings
        : [.. _warnings, $"{_unlisted} more warnings are not listed."];

    public void Warn(string sentence)
    {
        if (_warnings.Count < WarningsMax) _warnings.Add(sentence);
        else _unlisted++;
    }

    public void Refuse(string place, string code, string message)
    {
        if (_problems.Count < ProblemsMax) _problems.Add(new ImportProblem(place, code, message));
    }

    /// <summary>Takes the mistakes of a collection, its fields by name in place of their numbers.</summary>
    public void Refuse(Collection collection, FieldErrorTree errors) =>
        Refuse($"{SourceDatabase.Name}/{collection.Name}", errors.ToData(), collection, isFields: false);

    /// <exception cref="ImportRefusedException">Something is wrong.</exception>
    public void ThrowIfRefused()
    {
        if (_problems.Count > 0) throw new ImportRefusedException([.. _problems]);
    }

    private void Refuse(
        string place, IReadOnlyDictionary<string, FieldError> errors, Collection collection, bool isFields)
    {
        foreach (var (name, error) in errors)
        {
            var known = isFields && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                && index < collection.Fields.Count && collection.Fields[index].Name.Length > 0
                    ? collection.Fields[index].Name
                    : name;
            var inner = $"{place}/{known}";
            if (error.Nested is { } nested) Refuse(inner, nested, collection, isFields: name == FieldsMember);
            else Refuse(inner, error.Code, error.Message);
        }
    }
}
