namespace Platform.Replication.Bench.Cost;

/// <summary>Requests as S3 bills them, and their bytes.</summary>
internal sealed record Traffic
{
    public long Puts { get; set; }

    public long Lists { get; set; }

    public long Gets { get; set; }

    public long Deletes { get; set; }

    public long BytesWritten { get; set; }

    public long BytesRead { get; set; }
}
