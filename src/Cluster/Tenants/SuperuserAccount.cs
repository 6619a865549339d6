namespace Platform.Cluster.Tenants;

/// <summary>The superuser to make in a tenant. Never logged.</summary>
internal sealed record SuperuserAccount(string Email, string Password)
{
    public override string ToString() => "superuser";
}
