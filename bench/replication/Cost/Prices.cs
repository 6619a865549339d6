namespace Platform.Replication.Bench.Cost;

/// <summary>
/// Public prices of AWS S3 Standard in us-east-1, in dollars. Requests that delete are free, and so is traffic within the
/// region. Other providers differ; put theirs here.
/// </summary>
internal static class Prices
{
    public const double PutOrList = 0.005 / 1000;

    public const double Get = 0.0004 / 1000;

    public const double GigabyteMonth = 0.023;

    public const double DaysPerMonth = 30;
}
