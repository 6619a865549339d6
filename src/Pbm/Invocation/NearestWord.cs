namespace Platform.Pbm.Invocation;

/// <summary>What somebody probably meant to type.</summary>
internal static class NearestWord
{
    /// <summary>
    /// The candidate that begins with <paramref name="word"/>, or else the one at the smallest edit distance, as long
    /// as less than half of the word would have to change; null when none is near.
    /// </summary>
    public static string? Find(string word, IEnumerable<string> candidates)
    {
        string? nearest = null;
        // Up to two slips in a word of four letters or more, one in a shorter one.
        var distanceMax = word.Length >= 4 ? 2 : 1;
        foreach (var candidate in candidates)
        {
            if (word.Length >= 2 && candidate.StartsWith(word, StringComparison.OrdinalIgnoreCase)) return candidate;
            var distance = Distance(word.ToLowerInvariant(), candidate);
            if (distance > distanceMax) continue;
            distanceMax = distance - 1;
            nearest = candidate;
        }

        return nearest;
    }

    // Optimal string alignment: insertions, deletions, replacements and swaps of neighbours each cost one.
    private static int Distance(string from, string to)
    {
        var rows = new int[from.Length + 1, to.Length + 1];
        for (var row = 0; row <= from.Length; row++) rows[row, 0] = row;
        for (var column = 0; column <= to.Length; column++) rows[0, column] = column;
        for (var row = 1; row <= from.Length; row++)
        {
            for (var column = 1; column <= to.Length; column++)
            {
                var cost = from[row - 1] == to[column - 1] ? 0 : 1;
                var best = Math.Min(
                    Math.Min(rows[row - 1, column], rows[row, column - 1]) + 1, rows[row - 1, column - 1] + cost);
                var isSwap = row > 1 && column > 1
                    && from[row - 1] == to[column - 2] && from[row - 2] == to[column - 1];
                rows[row, column] = isSwap ? Math.Min(best, rows[row - 2, column - 2] + 1) : best;
            }
        }

        return rows[from.Length, to.Length];
    }
}
