namespace Platform.Messages.Tenants;

/// <summary>When a write is acknowledged to its client.</summary>
public enum Durability
{
    /// <summary>After its LTX file is stored in object storage. Nothing acknowledged can be lost with a node.</summary>
    Replicated,

    /// <summary>After the commit to the local WAL; stored in object storage within a second.</summary>
    Local,
}
