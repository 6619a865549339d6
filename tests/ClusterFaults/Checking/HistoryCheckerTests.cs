namespace Platform.ClusterFaults.Tests.Checking;

/// <summary>A checker is worth what it notices: histories that must not pass, and some that must.</summary>
public sealed class HistoryCheckerTests
{
    private readonly List<Operation> _history = [];
    private readonly HashSet<string> _records = [];
    private readonly Dictionary<string, long> _counters = [];
    private readonly List<(string Key, string Record)> _claims = [];
    private long _clock;

    [Fact]
    public void A_history_without_faults_passes()
    {
        Tell(OperationKind.Create, "a");
        Tell(OperationKind.ReadRecord, "a");
        Tell(OperationKind.Add, "n", value: 1);
        Tell(OperationKind.Add, "n", value: 2);
        Tell(OperationKind.ReadCounter, "n", value: 2);
        Tell(OperationKind.Claim, "k", record: "x");
        Tell(OperationKind.Claim, "k", Outcome.Denied, record: "y");
        _records.Add("a");
        _counters["n"] = 2;
        _claims.Add(("k", "x"));
        RequireRight();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_had_no_answer_may_have_been_done_or_not(bool isDone)
    {
        Tell(OperationKind.Create, "a", Outcome.Unknown);
        Tell(OperationKind.Add, "n", Outcome.Unknown);
        Tell(OperationKind.Add, "n", value: isDone ? 2 : 1);
        Tell(OperationKind.Claim, "k", Outcome.Unknown, record: "x");
        Tell(OperationKind.Claim, "k", isDone ? Outcome.Denied : Outcome.Acknowledged, record: "y");
        if (isDone) _records.Add("a");
        _counters["n"] = isDone ? 2 : 1;
        _claims.Add(("k", isDone ? "x" : "y"));
        RequireRight();
    }

    [Fact]
    public void A_lost_record_is_noticed()
    {
        Tell(OperationKind.Create, "a");
        RequireWrong("record a was acknowledged at 2 and is lost");
    }

    [Fact]
    public void A_record_of_nobody_is_noticed()
    {
        _records.Add("a");
        RequireWrong("nobody wrote it");
    }

    [Fact]
    public void A_record_that_is_missing_for_a_while_is_noticed()
    {
        Tell(OperationKind.Create, "a");
        Tell(OperationKind.ReadRecord, "a", Outcome.Denied);
        _records.Add("a");
        RequireWrong("record a was acknowledged at 2 and not found at 3");
    }

    [Fact]
    public void A_read_that_began_before_the_acknowledgement_may_miss_the_record()
    {
        _history.Add(new Operation(OperationKind.ReadRecord, "a", Outcome.Denied, 0, Started: 1, Ended: 4));
        _history.Add(new Operation(OperationKind.Create, "a", Outcome.Acknowledged, 0, Started: 2, Ended: 3));
        _records.Add("a");
        RequireRight();
    }

    [Fact]
    public void Two_owners_that_acknowledge_the_same_addition_are_noticed()
    {
        // At the same time, so that neither had to see the other's.
        _history.Add(new Operation(OperationKind.Add, "n", Outcome.Acknowledged, 1, Started: 1, Ended: 4));
        _history.Add(new Operation(OperationKind.Add, "n", Outcome.Acknowledged, 1, Started: 2, Ended: 3));
        _counters["n"] = 2;
        RequireWrong("2 additions were told that they made it 1");
    }

    [Fact]
    public void A_lost_update_is_noticed()
    {
        _history.Add(new Operation(OperationKind.Add, "n", Outcome.Acknowledged, 1, Started: 1, Ended: 4));
        _history.Add(new Operation(OperationKind.Add, "n", Outcome.Acknowledged, 2, Started: 2, Ended: 3));
        _counters["n"] = 1;
        RequireWrong("counter n is 1 in the end, not between 2 and 2");
    }

    [Fact]
    public void An_addition_that_was_done_twice_is_noticed()
    {
        Tell(OperationKind.Add, "n", value: 2);
        _counters["n"] = 2;
        RequireWrong("saw 2 when 1 additions had been asked for", "not between 2 and 1");
    }

    [Fact]
    public void An_addition_on_an_old_state_is_noticed()
    {
        Tell(OperationKind.Add, "n", value: 1);
        Tell(OperationKind.Add, "n", value: 2);
        Tell(OperationKind.Add, "n", Outcome.Unknown);
        Tell(OperationKind.Add, "n", value: 1);
        _counters["n"] = 4;
        RequireWrong("2 additions were told that they made it 1", "saw 1 after 2 had been acknowledged");
    }

    [Fact]
    public void A_read_of_an_old_state_is_noticed()
    {
        Tell(OperationKind.Add, "n", value: 1);
        Tell(OperationKind.ReadCounter, "n", value: 0);
        _counters["n"] = 1;
        RequireWrong("ReadCounter at 3 saw 0 after 1 had been acknowledged");
    }

    [Fact]
    public void A_key_that_two_were_given_is_noticed()
    {
        Tell(OperationKind.Claim, "k", record: "x");
        Tell(OperationKind.Claim, "k", record: "y");
        _claims.Add(("k", "y"));
        RequireWrong("key k was given to x and y", "key k was given to x and is not its in the end");
    }

    [Fact]
    public void A_key_that_two_hold_in_the_end_is_noticed()
    {
        Tell(OperationKind.Claim, "k", Outcome.Unknown, record: "x");
        Tell(OperationKind.Claim, "k", Outcome.Unknown, record: "y");
        _claims.Add(("k", "x"));
        _claims.Add(("k", "y"));
        RequireWrong("key k is held by x and y");
    }

    [Fact]
    public void An_answer_that_must_not_be_is_noticed()
    {
        _history.Add(new Operation(OperationKind.Add, "n", Outcome.Wrong, 0, 1, 2, Note: "404 no such record"));
        RequireWrong("Add n was answered 404 no such record");
    }

    private void Tell(
        OperationKind kind, string key, Outcome outcome = Outcome.Acknowledged, long value = 0, string record = "") =>
        _history.Add(new Operation(kind, key, outcome, value, ++_clock, ++_clock, record));

    private IReadOnlyList<string> Check() => HistoryChecker.Check(
        _history, new FinalState(_records, _counters, _claims.ToLookup(claim => claim.Key, claim => claim.Record)));

    private void RequireRight() => Assert.Empty(Check());

    private void RequireWrong(params string[] expected)
    {
        var found = Check();
        Assert.Equal(expected.Length, found.Count);
        Assert.All(expected, words => Assert.Contains(found, violation => violation.Contains(words, StringComparison.Ordinal)));
    }
}
