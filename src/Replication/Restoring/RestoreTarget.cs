using Platform.Replication.Ltx;

namespace Platform.Replication.Restoring;

/// <summary>Which state of a database is wanted.</summary>
public readonly record struct RestoreTarget
{
    /// <summary>The newest transaction.</summary>
    public static RestoreTarget Newest => default;

    /// <summary>A transaction; <see cref="Ltx.Txid.None"/> when not asked for.</summary>
    public Txid Txid { get; private init; }

    /// <summary>The last transaction strictly before a moment; null when not asked for.</summary>
    public DateTimeOffset? Moment { get; private init; }

    /// <summary>The database as it was after <paramref name="txid"/>.</summary>
    public static RestoreTarget At(Txid txid) => new() { Txid = txid };

    /// <summary>The database as it was just before <paramref name="moment"/>.</summary>
    public static RestoreTarget Before(DateTimeOffset moment) => new() { Moment = moment };
}
