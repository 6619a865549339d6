using Platform.Replication.Maintenance;

namespace Platform.Replication.Retention;

/// <summary>A file that is not needed any more, and the one because of which it is not.</summary>
/// <param name="File">What can go.</param>
/// <param name="Replacement">What must be there, whole, when it goes.</param>
internal readonly record struct Deletion(KnownFile File, KnownFile Replacement);
