using System.Buffers;
using System.Text;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>
/// What no id may be, whatever the pattern of its collection allows: ids name folders and object keys, and in a folder of
/// PocketBase files on any system.
/// </summary>
internal static class IdName
{
    /// <summary>Names that Windows keeps for devices.</summary>
    private static readonly string[] Reserved =
    [
        "con", "prn", "aux", "nul",
        "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
        "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
    ];

    private static readonly SearchValues<byte> Forbidden = SearchValues.Create("./\\|\"'`<>:?*%$\n\r\t\0 "u8);

    public static FieldError? Check(ReadOnlySpan<byte> id)
    {
        var position = id.IndexOfAny(Forbidden);
        if (position >= 0) return FieldErrors.ForbiddenInId((char)id[position]);
        if (id.Length is < 3 or > 4) return null;
        foreach (var name in Reserved)
            if (Ascii.EqualsIgnoreCase(id, name)) return FieldErrors.ReservedId(name);
        return null;
    }
}
