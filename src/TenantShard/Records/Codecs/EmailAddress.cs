namespace Platform.TenantShard.Records.Codecs;

/// <summary>The form of an e-mail address: a dotted local part of RFC 5322 atoms and a host name.</summary>
internal static class EmailAddress
{
    /// <summary>RFC 3696, erratum 1690: 64 of the local part, 1, and 189 of the domain.</summary>
    private const int LengthMax = 254;

    private const int LocalLengthMax = 64;
    private const int LabelLengthMax = 63;

    public static bool IsValid(string address)
    {
        var at = address.LastIndexOf('@');
        if (at < 1 || at > LocalLengthMax || address.Length > LengthMax) return false;
        return IsLocalPart(address.AsSpan(0, at)) && IsDomain(address.AsSpan(at + 1));
    }

    private static bool IsLocalPart(ReadOnlySpan<char> local)
    {
        if (local[0] == '.' || local[^1] == '.') return false;
        var previous = '\0';
        foreach (var character in local)
        {
            if (character == '.' && previous == '.') return false;
            if (!IsAtomCharacter(character) && character != '.') return false;
            previous = character;
        }

        return true;
    }

    private static bool IsAtomCharacter(char character) =>
        char.IsLetterOrDigit(character) || "!#$%&'*+-/=?^_`{|}~".Contains(character);

    private static bool IsDomain(ReadOnlySpan<char> domain)
    {
        var labels = 0;
        foreach (var range in domain.Split('.'))
        {
            labels++;
            if (!IsLabel(domain[range])) return false;
        }

        return labels > 1;
    }

    private static bool IsLabel(ReadOnlySpan<char> label)
    {
        if (label.Length is 0 or > LabelLengthMax || label[0] == '-' || label[^1] == '-') return false;
        foreach (var character in label)
            if (!char.IsLetterOrDigit(character) && character != '-') return false;
        return true;
    }
}
