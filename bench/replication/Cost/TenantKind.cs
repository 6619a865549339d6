namespace Platform.Replication.Bench.Cost;

/// <summary>How a tenant is used.</summary>
/// <param name="Name">What the table says.</param>
/// <param name="Between">The time between two writes while it is in use; null for no writes at all.</param>
/// <param name="HoursPerDay">How long a day it is in use, from midnight.</param>
/// <param name="Days">How many days are simulated before those that are measured, and how many of those.</param>
/// <param name="IsRemembered">False: each activation is one on a node that does not know the tenant.</param>
/// <param name="ShipInterval">How long commits collect before they are shipped; zero for each alone.</param>
internal sealed record TenantKind(
    string Name, TimeSpan? Between, int HoursPerDay, (int Before, int Measured) Days, bool IsRemembered = true,
    TimeSpan ShipInterval = default)
{
    public static IReadOnlyList<TenantKind> All { get; } =
    [
        new("idle: read now and then, never written", null, 24, (1, 30)),
        new("light: 1 write an hour", TimeSpan.FromHours(1), 24, (30, 30)),
        new("light, on another node each time", TimeSpan.FromHours(1), 24, (30, 30), IsRemembered: false),
        new("steady: 1 write a minute", TimeSpan.FromMinutes(1), 24, (4, 6)),
        new("busy: 1 write a second, 8 hours a day", TimeSpan.FromSeconds(1), 8, (2, 2)),
        new(
            "bursts, local: 20 writes a second, 1 hour a day", TimeSpan.FromMilliseconds(50), 1, (2, 2),
            ShipInterval: TimeSpan.FromSeconds(0.5)),
    ];
}
