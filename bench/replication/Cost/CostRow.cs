namespace Platform.Replication.Bench.Cost;

/// <summary>What a tenant costs, scaled to a month of 30 days.</summary>
internal sealed record CostRow(
    string Kind,
    double PutsAndLists,
    double Gets,
    double Deletes,
    double MegabytesWritten,
    double MegabytesRead,
    double MegabytesStored,
    int Objects,
    double RequestDollars,
    double StorageDollars,
    long RestoreRequests,
    double RestoreTimesDatabase)
{
    public double Dollars => RequestDollars + StorageDollars;

    public static CostRow Of(
        TenantKind kind, Traffic traffic, double meanBytes, int objects, (long Requests, double Times) restore)
    {
        var scale = Prices.DaysPerMonth / kind.Days.Measured;
        var (puts, gets) = ((traffic.Puts + traffic.Lists) * scale, traffic.Gets * scale);
        return new CostRow(
            kind.Name,
            Math.Round(puts),
            Math.Round(gets),
            Math.Round(traffic.Deletes * scale),
            Math.Round(traffic.BytesWritten * scale / 1e6, 2),
            Math.Round(traffic.BytesRead * scale / 1e6, 2),
            Math.Round(meanBytes / 1e6, 2),
            objects,
            Math.Round((puts * Prices.PutOrList) + (gets * Prices.Get), 5),
            Math.Round(meanBytes / 1e9 * Prices.GigabyteMonth, 5),
            restore.Requests,
            Math.Round(restore.Times, 2));
    }
}
