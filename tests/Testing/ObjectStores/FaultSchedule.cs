namespace Platform.Testing.ObjectStores;

/// <summary>Faults at random, but the same for the same seed and order of calls. Print the seed when a test fails.</summary>
/// <param name="seed">Decides everything.</param>
public sealed class FaultSchedule(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>Share of calls, 0 to 1, that meet <see cref="ObjectFault.FailBefore"/>.</summary>
    public double FailBefore { get; init; }

    /// <summary>Share of calls that meet <see cref="ObjectFault.LoseAnswer"/>.</summary>
    public double LoseAnswer { get; init; }

    /// <summary>Share of calls that meet <see cref="ObjectFault.Duplicate"/>.</summary>
    public double Duplicate { get; init; }

    /// <summary>Share of calls that meet <see cref="ObjectFault.ArriveLate"/>.</summary>
    public double ArriveLate { get; init; }

    /// <summary>The calls that are concerned.</summary>
    public ObjectOperations Operations { get; init; } = ObjectOperations.All;

    internal ObjectFault Next(ObjectOperations operation)
    {
        if (!Operations.HasFlag(operation))
        {
            return ObjectFault.None;
        }

        double chance;
        lock (_random)
        {
            chance = _random.NextDouble();
        }

        ReadOnlySpan<(double Share, ObjectFault Fault)> shares =
        [
            (FailBefore, ObjectFault.FailBefore),
            (LoseAnswer, ObjectFault.LoseAnswer),
            (Duplicate, ObjectFault.Duplicate),
            (ArriveLate, ObjectFault.ArriveLate),
        ];
        foreach (var (share, fault) in shares)
        {
            if (chance < share)
            {
                return fault;
            }

            chance -= share;
        }

        return ObjectFault.None;
    }
}
