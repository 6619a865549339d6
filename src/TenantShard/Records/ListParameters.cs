using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Records;

/// <summary>The query parameters of a list.</summary>
internal sealed class ListParameters
{
    public const int PerPageMax = 1000;

    private static readonly string[] Names = ["page", "perPage", "skipTotal", "filter", "sort", "fields", "expand"];

    private const int PerPageDefault = 30;
    private const string Refusal = "Something went wrong while processing your request.";

    /// <summary>A bit for each of the names that was sent.</summary>
    private int _taken;

    public long Page { get; private set; } = 1;

    public int PerPage { get; private set; } = PerPageDefault;

    public bool SkipTotal { get; private set; }

    public string Filter { get; private set; } = "";

    public string Sort { get; private set; } = "";

    public string Fields { get; private set; } = "";

    public string Expand { get; private set; } = "";

    public static ListParameters Read(QueryString query)
    {
        var parameters = new ListParameters();
        if (!query.HasValue) return parameters;
        foreach (var pair in new QueryStringEnumerable(query.Value)) parameters.Take(pair);
        return parameters;
    }

    /// <summary>Takes a parameter the first time that it is sent.</summary>
    private void Take(QueryStringEnumerable.EncodedNameValuePair pair)
    {
        var name = pair.DecodeName();
        var known = IndexOf(name.Span);
        if (known < 0 || (_taken & (1 << known)) != 0) return;
        _taken |= 1 << known;
        switch (name.Span)
        {
            case "page": Page = Math.Max(1, ReadNumber("page", pair, 1)); break;
            case "perPage": PerPage = ReadPerPage(pair); break;
            case "skipTotal": SkipTotal = ReadFlag("skipTotal", pair); break;
            case "filter": Filter = ReadText(pair); break;
            case "sort": Sort = ReadText(pair); break;
            case "fields": Fields = ReadText(pair); break;
            case "expand": Expand = ReadText(pair); break;
        }
    }

    private static int IndexOf(ReadOnlySpan<char> name)
    {
        for (var i = 0; i < Names.Length; i++)
            if (name.SequenceEqual(Names[i])) return i;
        return -1;
    }

    private static string ReadText(QueryStringEnumerable.EncodedNameValuePair pair) =>
        pair.DecodeValue().ToString().Trim();

    private static int ReadPerPage(QueryStringEnumerable.EncodedNameValuePair pair)
    {
        var number = ReadNumber("perPage", pair, PerPageDefault);
        return number <= 0 ? PerPageDefault : (int)Math.Min(number, PerPageMax);
    }

    private static long ReadNumber(string name, QueryStringEnumerable.EncodedNameValuePair pair, int missing)
    {
        var text = pair.DecodeValue().Span;
        if (text.IsEmpty) return missing;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return number;
        throw ApiException.BadField(Refusal, name, "validation_invalid_number", "Must be a whole number.");
    }

    private static bool ReadFlag(string name, QueryStringEnumerable.EncodedNameValuePair pair) =>
        pair.DecodeValue().Span switch
        {
            "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
            "" or "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
            _ => throw ApiException.BadField(Refusal, name, "validation_invalid_value", "Must be true or false."),
        };
}
