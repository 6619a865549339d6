namespace Platform.Replication.Tests.Shipping;

/// <summary>Tests that measure the process.</summary>
[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
public sealed class RunsAlone;
