using System.CommandLine;
using Platform.Pbm.Admin;
using Platform.Pbm.Invocation;

namespace Platform.Pbm.Snapshots;

/// <summary><c>pbm snapshot restore NAME</c></summary>
internal static class RestoreSnapshot
{
    public static Command Command(GlobalOptions options, PbmSession session)
    {
        var name = new Argument<string>("NAME") { Description = "The snapshot, as `pbm snapshot list` shows it." };
        name.Validators.Add(result =>
        {
            // Dots alone would be taken for a step up in the path.
            if (result.Tokens is [{ Value: "" or "." or ".." }]) result.AddError("This is no snapshot's name.");
        });
        var force = new Option<bool>("--force") { Description = "Also when the cluster has tenants." };
        var yes = Confirmation.Option();
        return new Command("restore", "Take descriptors, cordons and owners back to a snapshot.") { name, force, yes }.Does(
            options,
            session,
            async (context, parsed, cancellationToken) =>
            {
                var snapshot = parsed.GetRequiredValue(name);
                var isForced = parsed.GetValue(force);
                await Confirmation.RequireAsync(
                    context.Terminal, parsed.GetValue(yes), $"Restoring {snapshot}",
                    $"Take the tenants' descriptors back to those of {snapshot}? Their data stays as it is.",
                    "Nothing was restored.");
                context.Print(
                    await context.Client.SendAsync(
                        HttpMethod.Post, $"{SnapshotPath.Of(snapshot)}/restore{(isForced ? "?force=true" : "")}", null,
                        AdminClient.WorkTimeout, cancellationToken),
                    context.Documents.Print);
            });
    }
}
