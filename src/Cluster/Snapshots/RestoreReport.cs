namespace Platform.Cluster.Snapshots;

/// <summary>What a restore did.</summary>
/// <param name="Tenants">Descriptors that are now as in the snapshot.</param>
/// <param name="Skipped">Left as they are: purged since, or changed while it went on.</param>
/// <param name="Cordons">Cordons that were brought back.</param>
/// <param name="Routes">Tenants that have the owner of then, because they had none.</param>
internal sealed record RestoreReport(int Tenants, int Skipped, int Cordons, int Routes);
