namespace Platform.Testing.ObjectStores;

/// <summary>What goes wrong with one call. Torn objects are not among them: no store of the contract makes them.</summary>
public enum ObjectFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A transient fault; the store has not seen the request.</summary>
    FailBefore,

    /// <summary>The store does what it is asked to, then the answer is lost: a transient fault.</summary>
    LoseAnswer,

    /// <summary>The request arrives twice; the answer is that of the second: a create says false to its own winner.</summary>
    Duplicate,

    /// <summary>
    /// A transient fault now; the write arrives later, at <see cref="FaultyObjectStore.DeliverLateWritesAsync"/>. For
    /// reads the same as <see cref="FailBefore"/>.
    /// </summary>
    ArriveLate,

    /// <summary>A fault that does not pass by itself, such as refused credentials.</summary>
    Refuse,
}
