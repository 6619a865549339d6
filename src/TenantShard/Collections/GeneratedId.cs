using System.Globalization;
using System.Text;

namespace Platform.TenantShard.Collections;

/// <summary>
/// Ids that follow from names, so that the same schema applied to two databases gives the same ids:
/// <c>pbc_</c> + checksum of type and name for collections, type + checksum of the name for fields.
/// </summary>
internal static class GeneratedId
{
    public static string ForCollection(string type, string name) => "pbc_" + Checksum(type + name);

    public static string ForField(string type, string name) => type + Checksum(name);

    /// <summary>The id itself, or with the first number from 2 on that makes it free.</summary>
    public static string MakeFree(string id, Func<string, bool> isTaken)
    {
        var free = id;
        for (var number = 2; isTaken(free); number++) free = id + number.ToString(CultureInfo.InvariantCulture);
        return free;
    }

    private static string Checksum(string text) =>
        Crc32.Compute(Encoding.UTF8.GetBytes(text)).ToString(CultureInfo.InvariantCulture);
}
