namespace Platform.Cluster.Store;

/// <summary>A lease that was granted.</summary>
/// <param name="Id">Never 0.</param>
/// <param name="Ttl">The time after which it ends unless it is renewed.</param>
internal readonly record struct StoreLease(long Id, TimeSpan Ttl);
