using System.CommandLine;
using System.Text.Json.Nodes;
using Platform.Pbm.Admin;

namespace Platform.Pbm.Tenants;

/// <summary>The options that name a state of a tenant's past.</summary>
internal sealed class PastOptions
{
    public Option<string?> At { get; } = new("--at")
    {
        Description = "The state at a moment, such as 2026-01-31T23:59:59Z.",
        HelpName = "TIME",
    };

    public Option<string?> Txid { get; } = new("--txid")
    {
        Description = "The state after a transaction; `pbm tenant history` lists them.",
        HelpName = "X",
    };

    /// <summary>Whether a tenant that is made of another one shares its token secrets.</summary>
    public static Option<bool> KeepSecrets() => new("--keep-secrets")
    {
        Description = "Keep the token secrets instead of making new ones, for a copy that takes the place of its source.",
    };

    /// <summary>The fields of a request; null when none of the options is given.</summary>
    /// <exception cref="PbmException">Both are given.</exception>
    public JsonObject? Read(ParseResult parsed) => (parsed.GetValue(At), parsed.GetValue(Txid)) switch
    {
        (null, null) => null,
        ({ } at, null) => new JsonObject { ["at"] = at },
        (null, { } txid) => new JsonObject { ["txid"] = txid },
        _ => throw new PbmException(ExitCode.Usage, "Give one of --at and --txid."),
    };
}
