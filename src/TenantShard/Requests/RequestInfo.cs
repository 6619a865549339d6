using System.Text.Json;

namespace Platform.TenantShard.Requests;

/// <summary>What filters and rules may know of a request: the operands under <c>@request</c>.</summary>
internal sealed class RequestInfo
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    /// <summary><c>@request.method</c>, upper case.</summary>
    public required string Method { get; init; }

    /// <summary><c>@request.context</c>: <c>default</c>, <c>expand</c>, <c>realtime</c>, <c>password</c>, ...</summary>
    public string Context { get; init; } = "default";

    /// <summary>Null for guests.</summary>
    public AuthIdentity? Auth { get; init; }

    public bool IsSuperuser => Auth is { IsSuperuser: true };

    /// <summary><c>@request.query.*</c>: the first value of each parameter.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = None;

    /// <summary><c>@request.headers.*</c>: lower case, with <c>_</c> for <c>-</c>; built on first use by a rule.</summary>
    public Func<string, string?> Header { get; init; } = static _ => null;

    /// <summary><c>@request.body.*</c>: an object, or <see cref="JsonValueKind.Undefined"/> without a body.</summary>
    public JsonElement Body { get; init; }
}
