using System.Globalization;
using Microsoft.AspNetCore.Http;
using Platform.Cluster.Configuration;

namespace Platform.Cluster.Http;

/// <summary>
/// Takes typed parameters out of a query and notes every mistake at its name, as <see cref="JsonFields"/> does with a
/// body. A parameter that is absent or empty is not an error.
/// </summary>
internal sealed class QueryFields
{
    private readonly IQueryCollection _query;
    private readonly Dictionary<string, FieldProblem> _problems = [];

    /// <param name="query">What was sent.</param>
    /// <param name="known">Parameters that there are; any other is a mistake.</param>
    /// <param name="isGuessing">Says which one was probably meant.</param>
    public QueryFields(IQueryCollection query, IReadOnlyList<string> known, bool isGuessing = false)
    {
        _query = query;
        const string Unknown = "There is no such parameter";
        foreach (var name in query.Keys.Where(name => !known.Contains(name)))
            Refuse(
                name, "validation_unknown_field",
                isGuessing ? NearestName.Sentence(Unknown, name, known) : Unknown + ".");
    }

    /// <summary>All mistakes; null when there is none.</summary>
    public ApiProblem? Problem => _problems.Count == 0 ? null : ApiProblem.OfFields(_problems);

    public void Refuse(string name, string code, string message) => _problems[name] = new FieldProblem(code, message);

    /// <summary>Empty when it is absent.</summary>
    public string Text(string name) => _query[name].ToString();

    /// <summary><c>true</c> or <c>false</c>; absent is false.</summary>
    public bool Flag(string name)
    {
        var text = Text(name);
        if (text is not ("" or "true" or "false"))
            Refuse(name, "validation_invalid_choice", "Must be true or false.");
        return text == "true";
    }

    /// <summary>A whole number from 1.</summary>
    public int Number(string name, int otherwise, int max)
    {
        var text = Text(name);
        if (text.Length == 0) return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= 1 && number <= max) return number;
        Refuse(name, "validation_out_of_range", $"Must be a whole number from 1 to {max}.");
        return otherwise;
    }

    /// <summary>A page of a list, from 1, and how many items are on one: 30, if the client does not say.</summary>
    public (int Page, int PerPage) Page(int perPageMax) =>
        (Number("page", 1, 1_000_000), Number("perPage", 30, perPageMax));
}
