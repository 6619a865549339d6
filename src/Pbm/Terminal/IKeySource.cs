namespace Platform.Pbm.Terminal;

/// <summary>A keyboard, one key at a time.</summary>
internal interface IKeySource
{
    /// <summary>Waits for a key, which is not echoed; blocks the calling thread. Ctrl-C arrives as a key.</summary>
    ConsoleKeyInfo ReadKey();
}
