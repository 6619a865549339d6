namespace Platform.Testing.ObjectStores;

/// <summary>The calls of an object store, as a set.</summary>
[Flags]
public enum ObjectOperations
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>CreateAsync.</summary>
    Create = 1,

    /// <summary>PutAsync.</summary>
    Put = 2,

    /// <summary>GetAsync.</summary>
    Get = 4,

    /// <summary>OpenReadAsync.</summary>
    OpenRead = 8,

    /// <summary>ListAsync, once for a listing.</summary>
    List = 16,

    /// <summary>DeleteAsync, once for a batch.</summary>
    Delete = 32,

    /// <summary>Those that change something.</summary>
    Writes = Create | Put | Delete,

    /// <summary>Those that change nothing.</summary>
    Reads = Get | OpenRead | List,

    /// <summary>All.</summary>
    All = Writes | Reads,
}
