using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Platform.Cluster.Http;

/// <summary>A page of a list, as queries ask for it: from 1.</summary>
internal readonly record struct PageQuery(int Page, int PerPage)
{
    private const int PageMax = 1_000_000;
    private const int PerPageMax = 1000;
    private const int PerPageDefault = 30;

    public static PageQuery Read(IQueryCollection query, Dictionary<string, FieldProblem> problems) => new(
        Number(query, "page", 1, PageMax, problems), Number(query, "perPage", PerPageDefault, PerPageMax, problems));

    /// <summary>A whole number from 1; what is wrong with it is noted at its name.</summary>
    public static int Number(
        IQueryCollection query, string name, int otherwise, int max, Dictionary<string, FieldProblem> problems)
    {
        var text = query[name].ToString();
        if (text.Length == 0) return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= 1 && number <= max) return number;
        problems[name] = new("validation_out_of_range", $"Must be a whole number from 1 to {max}.");
        return otherwise;
    }
}
