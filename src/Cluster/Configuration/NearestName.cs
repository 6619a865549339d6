namespace Platform.Cluster.Configuration;

/// <summary>Finds what somebody probably meant, for error messages.</summary>
internal static class NearestName
{
    /// <summary>The closest candidate, or null when none is close: at most a third of the name may be wrong.</summary>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        var distanceMax = Math.Max(2, name.Length / 3);
        return candidates
            .Select(candidate => (Name: candidate, Distance: Distance(name, candidate)))
            .Where(candidate => candidate.Distance <= distanceMax)
            .OrderBy(candidate => candidate.Distance)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();
    }

    /// <summary><c>; did you mean X?</c>, or nothing.</summary>
    public static string Hint(string name, IEnumerable<string> candidates) =>
        Find(name, candidates) is { } nearest ? $"; did you mean '{nearest}'?" : "";

    /// <summary>A sentence that ends with the hint, or with a full stop.</summary>
    public static string Sentence(string text, string name, IEnumerable<string> candidates) =>
        Hint(name, candidates) is { Length: > 0 } hint ? text + hint : text + ".";

    /// <summary>
    /// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours
    /// (https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance), ignoring case.
    /// </summary>
    internal static int Distance(string first, string second)
    {
        var rows = new int[first.Length + 1, second.Length + 1];
        for (var i = 0; i <= first.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= second.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= first.Length; i++)
            for (var j = 1; j <= second.Length; j++)
                rows[i, j] = Cell(rows, first, second, i, j);
        return rows[first.Length, second.Length];
    }

    private static int Cell(int[,] rows, string first, string second, int i, int j)
    {
        var cost = Same(first[i - 1], second[j - 1]) ? 0 : 1;
        var best = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + cost);
        var isSwap = i > 1 && j > 1 && Same(first[i - 1], second[j - 2]) && Same(first[i - 2], second[j - 1]);
        return isSwap ? Math.Min(best, rows[i - 2, j - 2] + 1) : best;
    }

    private static bool Same(char first, char second) =>
        char.ToLowerInvariant(first) == char.ToLowerInvariant(second);
}
