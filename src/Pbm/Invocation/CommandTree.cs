using System.CommandLine;
using System.CommandLine.Help;
using Platform.Pbm.Cluster;
using Platform.Pbm.Completion;
using Platform.Pbm.Nodes;
using Platform.Pbm.Snapshots;
using Platform.Pbm.Tenants;

namespace Platform.Pbm.Invocation;

/// <summary>All nouns and verbs. The one place that knows which exist.</summary>
internal static class CommandTree
{
    /// <summary>
    /// Nothing is expanded or bundled: a password may start with <c>@</c>, and every option is a word.
    /// </summary>
    public static readonly ParserConfiguration Parser = new()
    {
        EnablePosixBundling = false,
        ResponseFileTokenReplacer = null,
    };

    /// <summary>Builds the tree for commands of <paramref name="session"/>.</summary>
    public static RootCommand Build(PbmSession session, GlobalOptions options)
    {
        var root = new RootCommand("Operate a platform: its tenants, its cluster, its nodes.")
        {
            options.Server,
            options.Token,
            options.Json,
            Noun(
                "tenant",
                "Create, find, change the life of tenants.",
                CreateTenant.Command(options, session),
                ListTenants.Command(options, session),
                ShowTenant.Command(options, session),
                LocateTenant.Command(options, session),
                MigrateTenant.Command(options, session),
                DeleteTenant.Command(options, session),
                UndeleteTenant.Command(options, session),
                PurgeTenant.Command(options, session),
                RestoreTenant.Command(options, session),
                ShowHistory.Command(options, session),
                CloneTenant.Command(options, session),
                BackUpTenant.Command(options, session),
                ImportTenant.Command(options, session),
                ExportTenant.Command(options, session)),
            Noun(
                "cluster",
                "See how the cluster is.",
                ClusterStatus.Command(options, session),
                ClusterMembers.Command(options, session),
                ClusterEvents.Command(options, session),
                ListRoutes.Command(options, session),
                RebalanceCluster.Command(options, session)),
            Noun(
                "node",
                "See the nodes and their load; take them out of service.",
                ListNodes.Command(options, session),
                ShowNode.Command(options, session),
                ChangeNode.Cordon(options, session),
                ChangeNode.Uncordon(options, session),
                ChangeNode.Drain(options, session)),
            Noun(
                "snapshot",
                "Keep the control plane's state in object storage, and go back to it.",
                SaveSnapshot.Command(options, session),
                ListSnapshots.Command(options, session),
                RestoreSnapshot.Command(options, session)),
        };
        root.Add(Noun("completion", "Make a shell complete pbm's words.", BashCompletion.Command(root, session)));
        foreach (var help in root.Options.OfType<HelpOption>())
            help.Action = new OverviewHelp(root, (HelpAction)help.Action!, session.Terminal);
        return root;
    }

    private static Command Noun(string name, string description, params Command[] verbs)
    {
        var noun = new Command(name, description);
        foreach (var verb in verbs) noun.Add(verb);
        return noun;
    }
}
