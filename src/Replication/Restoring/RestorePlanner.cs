using System.Globalization;
using Platform.Replication.Ltx;
using Platform.Replication.ObjectStore;

namespace Platform.Replication.Restoring;

/// <summary>Turns a target into the objects to download, or says why that is not possible.</summary>
internal static class RestorePlanner
{
    /// <summary>The objects to apply, oldest first.</summary>
    public static async Task<IReadOnlyList<ListedFile>> PlanAsync(
        RestoreOptions options,
        IReadOnlyList<ListedFile> listed,
        RestoreTarget target,
        CancellationToken cancellationToken)
    {
        if (listed.Count == 0)
        {
            throw new RestoreException(
                options.ReplicaPath, "it holds no LTX file.", "Check the tenant's id and the store's path and prefix.");
        }

        var limit = target.Moment is { } moment
            ? await LastBeforeAsync(options, listed, moment, cancellationToken)
            : target.Txid;
        var files = listed.Select(file => file.File);
        var plan = limit == Txid.None ? RestorePlan.ToLatest(files) : RestorePlan.ToTxid(files, limit);
        RequireReached(options, listed, plan, target, limit);
        var objects = listed.ToDictionary(file => (file.File.Level, file.File.Min, file.File.Max));
        return [.. plan.Files.Select(file => objects[(file.Level, file.Min, file.Max)])];
    }

    private static void RequireReached(
        RestoreOptions options, IReadOnlyList<ListedFile> listed, RestorePlan plan, RestoreTarget target, Txid limit)
    {
        // No history is missing when a merged file goes on from there past the target: then the transactions before the
        // target are not retained one by one, even if a part of them is still there because their deletion was cut off.
        var isMerged = listed.Any(file => file.File.Min.Value - 1 <= plan.Reached.Value && file.File.Max > plan.Reached);
        if (plan.Gap is { } gap && !isMerged)
        {
            throw new RestoreException(
                options.ReplicaPath,
                $"its history has a gap: {gap}.",
                gap.After == Txid.None
                    ? "Put the missing snapshot back from a copy of the bucket."
                    : $"Put the missing files back, or restore to transaction {gap.After}.");
        }

        var isExact = target.Moment is null && limit != Txid.None;
        if (plan.Files.Count == 0 || (isExact && plan.Reached != limit))
        {
            throw new RestoreException(
                options.ReplicaPath,
                $"transaction {limit} is not retained by itself (the closest before it is {plan.Reached}).",
                "Choose a transaction that a retained file ends with.");
        }
    }

    // Times never go back along the line of transactions, so few headers need to be read; the store's own times are
    // not looked at, because its clock is another one.
    private static async Task<Txid> LastBeforeAsync(
        RestoreOptions options, IReadOnlyList<ListedFile> listed, DateTimeOffset moment, CancellationToken cancellationToken)
    {
        var ends = listed.OrderBy(file => file.File.Max).ThenBy(file => file.File.Level)
            .DistinctBy(file => file.File.Max).ToArray();
        var (low, high) = (0, ends.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            var header = await ReadHeaderAsync(options.Store, ends[middle].Key, cancellationToken);
            (low, high) = DateTimeOffset.FromUnixTimeMilliseconds(header.TimestampMilliseconds) < moment
                ? (middle + 1, high)
                : (low, middle);
        }

        return low > 0
            ? ends[low - 1].File.Max
            : throw new RestoreException(
                options.ReplicaPath,
                string.Create(
                    CultureInfo.InvariantCulture, $"nothing before {moment.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} is retained."),
                "Choose a later moment.");
    }

    /// <summary>Reads the header of an LTX file.</summary>
    public static async Task<LtxHeader> ReadHeaderAsync(
        IObjectStore store, string key, CancellationToken cancellationToken)
    {
        var buffer = new byte[LtxFormat.HeaderBytes];
        var read = await ReadAsync(store, key, offset: 0, buffer, cancellationToken);
        try
        {
            return LtxHeader.Parse(buffer.AsSpan(0, read));
        }
        catch (LtxException fault)
        {
            throw Damaged(key, fault);
        }
    }

    /// <summary>Reads the start of a range of an object; fewer bytes when it ends.</summary>
    public static async Task<int> ReadAsync(
        IObjectStore store, string key, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await using var stream = await store.OpenReadAsync(key, offset, buffer.Length, cancellationToken)
            ?? throw RestoreException.Gone(key);
        return await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
    }

    /// <summary>Names the object that an LTX error is about.</summary>
    public static RestoreException Damaged(string key, LtxException fault) =>
        new(key, fault.Message, "Other retained files may still reach an earlier transaction.", fault);
}
