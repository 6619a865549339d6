using System.CommandLine;
using Platform.Pbm.Invocation;

namespace Platform.Pbm.Tenants;

/// <summary><c>pbm tenant undelete ID</c>: what <c>restore</c> without a moment does.</summary>
internal static class UndeleteTenant
{
    public static Command Command(GlobalOptions options, PbmSession session)
    {
        var id = Arguments.TenantId();
        return new Command("undelete", "Bring a deleted tenant back.") { id }.Does(
            options,
            session,
            (context, parsed, cancellationToken) =>
                RestoreTenant.UndeleteAsync(context, parsed.GetRequiredValue(id), cancellationToken));
    }
}
