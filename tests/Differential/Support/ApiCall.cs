namespace Platform.Differential.Tests.Support;

/// <summary>One request, the same for both servers.</summary>
/// <param name="Method">GET, POST, PATCH or DELETE.</param>
/// <param name="Path">Under the origin, without a slash in front.</param>
/// <param name="Body">JSON, or null for none.</param>
/// <param name="As">Null = guest; otherwise whoever signed in under that name.</param>
internal sealed record ApiCall(string Method, string Path, string? Body = null, string? As = ApiCall.Superuser)
{
    public const string Superuser = "superuser";

    public override string ToString() =>
        $"{Method} {Uri.UnescapeDataString(Path)}{(Body is null ? "" : "\n  " + Body)} as {As ?? "guest"}";
}
