namespace Platform.ClusterFaults.Tests.Checking;

/// <summary>
/// Compares what clients were told with what is there. Of requests whose outcome is unknown both are allowed; of all
/// others nothing may be lost, done twice, or promised by two owners.
/// </summary>
internal static class HistoryChecker
{
    /// <summary>Everything that is wrong, in words.</summary>
    public static IReadOnlyList<string> Check(IReadOnlyCollection<Operation> history, FinalState final) =>
    [
        .. history.Where(operation => operation.Outcome == Outcome.Wrong)
            .Select(operation => $"{operation.Kind} {operation.Key} was answered {operation.Note}"),
        .. CheckRecords(history, final),
        .. CheckReads(history),
        .. history.Where(operation => operation.Kind is OperationKind.Add or OperationKind.ReadCounter)
            .GroupBy(operation => operation.Key)
            .SelectMany(counter => CheckCounter(counter.Key, [.. counter], final)),
        .. CheckClaims(history, final),
    ];

    private static IEnumerable<string> CheckRecords(IReadOnlyCollection<Operation> history, FinalState final)
    {
        var created = history.Where(operation => operation.Kind == OperationKind.Create).ToList();
        foreach (var operation in created.Where(operation => operation.Outcome == Outcome.Acknowledged))
        {
            if (!final.Records.Contains(operation.Key))
                yield return $"record {operation.Key} was acknowledged at {operation.Ended} and is lost";
        }

        var attempted = created.Select(operation => operation.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var record in final.Records.Where(record => !attempted.Contains(record)))
            yield return $"record {record} is there and nobody wrote it";
    }

    private static IEnumerable<string> CheckReads(IReadOnlyCollection<Operation> history)
    {
        var acknowledged = history
            .Where(operation => operation is { Kind: OperationKind.Create, Outcome: Outcome.Acknowledged })
            .ToDictionary(operation => operation.Key, operation => operation.Ended, StringComparer.Ordinal);
        foreach (var read in history.Where(read => read is { Kind: OperationKind.ReadRecord, Outcome: Outcome.Denied }))
        {
            if (acknowledged.TryGetValue(read.Key, out var ended) && ended < read.Started)
                yield return $"record {read.Key} was acknowledged at {ended} and not found at {read.Started}";
        }
    }

    private static IEnumerable<string> CheckCounter(string counter, IReadOnlyList<Operation> history, FinalState final)
    {
        var adds = history.Where(operation => operation.Kind == OperationKind.Add).ToList();
        var acknowledged = adds.Where(add => add.Outcome == Outcome.Acknowledged).ToList();

        // Two acknowledgements of one value are a lost update, or two owners.
        foreach (var twice in acknowledged.GroupBy(add => add.Value).Where(group => group.Count() > 1))
            yield return $"counter {counter}: {twice.Count()} additions were told that they made it {twice.Key}";
        foreach (var wrong in CheckOrder(counter, history, acknowledged)) yield return wrong;

        var value = final.Counters.GetValueOrDefault(counter);
        var most = adds.Count(add => add.Outcome is Outcome.Acknowledged or Outcome.Unknown);
        var least = Math.Max(acknowledged.Count, acknowledged.Select(add => add.Value).DefaultIfEmpty().Max());
        if (value < least || value > most)
            yield return $"counter {counter} is {value} in the end, not between {least} and {most}";
    }

    /// <summary>Who starts after an acknowledgement sees at least what it told; nobody sees more than was asked for.</summary>
    private static IEnumerable<string> CheckOrder(
        string counter, IReadOnlyList<Operation> history, List<Operation> acknowledged)
    {
        var ends = acknowledged.OrderBy(add => add.Ended).ToList();
        var starts = history.Where(operation => operation.Kind == OperationKind.Add)
            .Select(add => add.Started).Order().ToList();
        var (told, asked, floor) = (0, 0, 0L);
        foreach (var seen in history.Where(operation => operation.Outcome == Outcome.Acknowledged).OrderBy(seen => seen.Started))
        {
            for (; told < ends.Count && ends[told].Ended < seen.Started; told++) floor = Math.Max(floor, ends[told].Value);
            var isTooLow = seen.Kind == OperationKind.Add ? seen.Value <= floor : seen.Value < floor;
            if (isTooLow)
            {
                yield return $"counter {counter}: {seen.Kind} at {seen.Started} "
                    + $"saw {seen.Value} after {floor} had been acknowledged";
            }
        }

        foreach (var seen in history.Where(operation => operation.Outcome == Outcome.Acknowledged).OrderBy(seen => seen.Ended))
        {
            while (asked < starts.Count && starts[asked] <= seen.Ended) asked++;
            if (seen.Value > asked)
                yield return $"counter {counter}: {seen.Kind} saw {seen.Value} when {asked} additions had been asked for";
        }
    }

    private static IEnumerable<string> CheckClaims(IReadOnlyCollection<Operation> history, FinalState final)
    {
        foreach (var key in final.Claims.Where(key => key.Count() > 1))
            yield return $"key {key.Key} is held by {string.Join(" and ", key)}";
        var claims = history.Where(operation => operation is { Kind: OperationKind.Claim, Outcome: Outcome.Acknowledged });
        foreach (var key in claims.GroupBy(claim => claim.Key))
        {
            if (key.Count() > 1)
                yield return $"key {key.Key} was given to {string.Join(" and ", key.Select(claim => claim.Record))}";
            foreach (var claim in key.Where(claim => !final.Claims[claim.Key].Contains(claim.Record)))
                yield return $"key {key.Key} was given to {claim.Record} and is not its in the end";
        }
    }
}
